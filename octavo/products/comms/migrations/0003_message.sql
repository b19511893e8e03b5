-- Messages: what was accepted, its states, and what waits to be sent.
SELECT 1;
