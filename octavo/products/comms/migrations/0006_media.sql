-- Media of messages.
SELECT 1;
