-- What few messages ask for: to go as one message with pictures however long the text, and to be forgotten once sent.
ALTER TABLE comms.message
    ADD COLUMN as_mms boolean NOT NULL DEFAULT false,
    ADD COLUMN discards_body boolean NOT NULL DEFAULT false,
    ADD COLUMN hides_recipient boolean NOT NULL DEFAULT false;
