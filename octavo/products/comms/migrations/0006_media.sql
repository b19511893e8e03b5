-- Files of messages: pictures, sound and documents that go out with them or came with them.
CREATE TABLE comms.media (
    account_id uuid NOT NULL,
    id uuid NOT NULL,
    message_id uuid NOT NULL,
    position smallint NOT NULL,
    source_url text NOT NULL,
    content_type text NOT NULL,
    size bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, id),
    UNIQUE (account_id, message_id, position)
);

-- Messages whose files are still to be fetched, one row each; what goes out waits for them. `due` is when somebody
-- should begin or, once begun, when whoever began must be taken for dead.
CREATE TABLE comms.media_fetch (
    account_id uuid NOT NULL,
    message_id uuid NOT NULL,
    queue_shard smallint NOT NULL,
    urls text[] NOT NULL,
    wish text NOT NULL,
    due timestamptz NOT NULL,
    attempts smallint NOT NULL DEFAULT 0,
    PRIMARY KEY (account_id, message_id)
) WITH (fillfactor = 70);

CREATE INDEX media_fetch_due ON comms.media_fetch (queue_shard, due);

-- What an account's files take, in several rows, so that no row is written by everybody.
CREATE TABLE comms.media_usage (
    account_id uuid NOT NULL,
    slot smallint NOT NULL,
    bytes bigint NOT NULL,
    PRIMARY KEY (account_id, slot)
) WITH (fillfactor = 50);
