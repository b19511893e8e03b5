-- Accounts take turns in fetching: each is asked for its oldest.
CREATE INDEX media_fetch_of_account ON comms.media_fetch (account_id, due);
