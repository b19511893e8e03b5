-- Phone numbers: the ones accounts own, applications, addresses, and numbers proved to be a person's.
SELECT 1;
