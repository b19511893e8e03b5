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

-- A directory of the ids that clients of the plain REST paths gave their users. A claim without a user is one whose
-- registration was cut off; it may be taken after a while.
CREATE TABLE comms.plain_user (
    given_id text COLLATE "C" NOT NULL,
    user_id uuid,
    claimed_at timestamptz NOT NULL,
    PRIMARY KEY (given_id)
);

CREATE INDEX plain_user_person ON comms.plain_user (user_id);

-- Messages between people. Each has a copy for its sender and one for its receiver, beside everything else of theirs.
CREATE TABLE comms.user_message (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    sender_id uuid NOT NULL,
    receiver_id uuid NOT NULL,
    content text NOT NULL,
    sent_at timestamptz NOT NULL,
    PRIMARY KEY (user_id, id)
);
