-- Verify: services, verifications, checks, factors.
SELECT 1;
