-- The spend and fraud guard: caps, countries, and what was spent.
SELECT 1;
