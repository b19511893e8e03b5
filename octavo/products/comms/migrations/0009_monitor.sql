-- Events and alerts.
SELECT 1;
