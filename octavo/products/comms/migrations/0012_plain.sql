-- Searching messages, and the plain REST paths.

-- Which messages are new is told by their time. Such an index costs the writing of messages next to nothing.
CREATE INDEX message_age ON comms.message USING brin (created_at) WITH (autosummarize = on);

-- The key of the words of accounts that want their texts encrypted: the index then holds keyed hashes.
CREATE TABLE comms.search_key (
    account_id uuid NOT NULL,
    sealed_key bytea NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (account_id)
);

-- local: how far the one indexer has come; a single row.
CREATE TABLE comms.search_progress (
    name text NOT NULL,
    all_before timestamptz NOT NULL,
    PRIMARY KEY (name)
);
