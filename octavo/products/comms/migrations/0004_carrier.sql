-- The simulated carrier: handsets, and what it was given.
SELECT 1;
