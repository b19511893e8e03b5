-- Messaging Services, their senders, and who opted out.
SELECT 1;
