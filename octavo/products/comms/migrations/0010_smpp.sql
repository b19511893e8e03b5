-- SMPP: binds, and submissions whose fate is not known yet.
SELECT 1;
