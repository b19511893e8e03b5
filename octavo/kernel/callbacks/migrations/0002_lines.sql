-- Servers are trusted for each owner alone, so what waits for one is found by both.
DROP INDEX callbacks.delivery_destination;
CREATE INDEX delivery_line ON callbacks.delivery (owner_id, destination, due) WHERE state = 'waiting' AND lease IS NULL;
