-- The plain REST paths.
SELECT 1;
