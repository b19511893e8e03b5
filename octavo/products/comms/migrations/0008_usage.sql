-- Usage, triggers and prices.
SELECT 1;
