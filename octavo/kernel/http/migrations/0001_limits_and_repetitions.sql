-- How often somebody asked in the current window and the one before: enough for a sliding estimate in one upsert.
-- Unlogged, because a lost count after a crash harms nobody, and a write-ahead log of every request would.
CREATE UNLOGGED TABLE http.rate_window (
    bucket      uuid        NOT NULL PRIMARY KEY,  -- hash of the limit's name and the user or address
    started_at  timestamptz NOT NULL,
    count       integer     NOT NULL,
    previous    integer     NOT NULL,
    expires_at  timestamptz NOT NULL
);
CREATE INDEX rate_window_expires ON http.rate_window (expires_at);

-- The answer to a request that carried an Idempotency-Key, kept for those who repeat it.
CREATE TABLE http.repetition (
    id          uuid        NOT NULL PRIMARY KEY,  -- hash of who asked, which route, and the key
    fingerprint bytea       NOT NULL,              -- of the body: another body under the same key is refused
    started_at  timestamptz NOT NULL,
    expires_at  timestamptz NOT NULL,
    status      integer,                           -- null while the first request runs, or when it was cut off
    headers     jsonb,
    body        bytea
);
CREATE INDEX repetition_expires ON http.repetition (expires_at);
