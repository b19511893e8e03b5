-- What happened, written in the transaction that made it so. The relay gives each row its `position` after the commit,
-- because ids are made before it and so do not follow the order of commits.
CREATE TABLE events.outbox (
    shard uuid NOT NULL,
    id uuid NOT NULL,
    name text COLLATE "C" NOT NULL,
    body jsonb NOT NULL,
    emitted_at timestamptz NOT NULL,
    position bigint,
    CONSTRAINT outbox_pkey PRIMARY KEY (shard, id)
);
CREATE INDEX outbox_unrelayed ON events.outbox (id) WHERE position IS NULL;
CREATE INDEX outbox_by_position ON events.outbox (position) WHERE position IS NOT NULL;

-- The last position given. local: one row that the relay alone writes; its lock keeps a second relay out.
CREATE TABLE events.log (
    name text NOT NULL,
    position bigint NOT NULL,
    CONSTRAINT log_pkey PRIMARY KEY (name)
);

-- How far each consumer has come, and what it is stuck on. local: a row per consumer in the code.
CREATE TABLE events.consumer (
    name text NOT NULL,
    position bigint NOT NULL,
    tries integer NOT NULL DEFAULT 0,
    retry_at timestamptz,
    seen_at timestamptz NOT NULL,
    CONSTRAINT consumer_pkey PRIMARY KEY (name)
);

-- Events that a consumer could not take however often it tried; the rest went on without them.
-- An operator who has mended the cause sets `retry`.
CREATE TABLE events.parked (
    shard uuid NOT NULL,
    id uuid NOT NULL,
    consumer text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    body jsonb NOT NULL,
    error text NOT NULL,
    parked_at timestamptz NOT NULL,
    retry boolean NOT NULL DEFAULT false,
    CONSTRAINT parked_pkey PRIMARY KEY (shard, id, consumer)
);
CREATE INDEX parked_to_retry ON events.parked (consumer) WHERE retry;
