-- Messages, and what waits to be sent. A message changes its state three times within seconds, and columns of indexes
-- never: with half of each page free its versions stay in the page, and the indexes as they are.
CREATE TABLE comms.message (
    account_id uuid NOT NULL,
    id uuid NOT NULL,
    direction text NOT NULL,
    sender text NOT NULL,
    recipient text NOT NULL,
    body text NOT NULL,
    -- Where the account wants its texts encrypted, `body` is blank and this has the text, under one of its keys.
    sealed_body bytea,
    body_key uuid,
    encoding text NOT NULL,
    num_segments smallint NOT NULL,
    media_urls text[] NOT NULL,
    num_media smallint NOT NULL,
    status text NOT NULL,
    error_code integer,
    service_id uuid,
    status_callback text NOT NULL,
    validity_seconds integer,
    send_at timestamptz,
    -- In millionths of the currency's unit.
    price bigint,
    currency text NOT NULL,
    carrier text NOT NULL DEFAULT '',
    carrier_ref text NOT NULL DEFAULT '',
    -- What became of it, in order: each state beside its time.
    states text[] NOT NULL,
    state_times timestamptz[] NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    sent_at timestamptz,
    PRIMARY KEY (account_id, id),
    CONSTRAINT message_direction CHECK (
        direction IN ('inbound', 'outbound-api', 'outbound-call', 'outbound-reply')
    ),
    CONSTRAINT message_status CHECK (
        status IN ('accepted', 'scheduled', 'queued', 'sending', 'sent', 'delivered', 'undelivered', 'failed',
            'receiving', 'received', 'read', 'canceled')
    ),
    CONSTRAINT message_encoding CHECK (encoding IN ('GSM-7', 'UCS-2'))
) WITH (fillfactor = 50);

CREATE INDEX message_from ON comms.message (account_id, sender, id);
CREATE INDEX message_to ON comms.message (account_id, recipient, id);
-- What a carrier brings twice is one message.
CREATE UNIQUE INDEX message_arrived ON comms.message (account_id, carrier, carrier_ref) WHERE direction = 'inbound';
-- The key is made again, behind the others. Of indexes that seem to cost the same, as they do while a table has no
-- statistics, the planner takes the youngest; each of these finds a message, but the others read all of an account's.
ALTER TABLE comms.message DROP CONSTRAINT message_pkey, ADD PRIMARY KEY (account_id, id);

-- One row for each message that is on its way to a carrier; gone once the carrier has answered for it. All that wait
-- for one sender are in the same shard. `waits` is until the message is in its sender's queue: it was scheduled, or
-- accepted for a Messaging Service; `paced` is once its turn there is known, which `due` then tells.
CREATE TABLE comms.outbound (
    account_id uuid NOT NULL,
    message_id uuid NOT NULL,
    queue_shard smallint NOT NULL,
    sender text NOT NULL,
    segments smallint NOT NULL,
    due timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    waits boolean NOT NULL,
    paced boolean NOT NULL DEFAULT false,
    attempts smallint NOT NULL DEFAULT 0,
    carrier text NOT NULL DEFAULT '',
    lease uuid,
    lease_until timestamptz,
    PRIMARY KEY (account_id, message_id)
) WITH (fillfactor = 60, autovacuum_vacuum_scale_factor = 0.01);

CREATE INDEX outbound_due ON comms.outbound (queue_shard, due) WHERE lease IS NULL;
CREATE INDEX outbound_leased ON comms.outbound (queue_shard, lease_until) WHERE lease IS NOT NULL;

-- When each sender is free again: senders have a rate, counted in segments.
CREATE TABLE comms.sender_pace (
    account_id uuid NOT NULL,
    sender text NOT NULL,
    free_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, sender)
) WITH (fillfactor = 50);

-- What recipients thought of messages, as their senders tell.
CREATE TABLE comms.message_feedback (
    account_id uuid NOT NULL,
    message_id uuid NOT NULL,
    outcome text NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, message_id),
    CONSTRAINT feedback_outcome CHECK (outcome IN ('confirmed', 'unconfirmed'))
);

-- The keys that seal texts of accounts which want that, each sealed itself under the master key. The newest seals.
CREATE TABLE comms.body_key (
    account_id uuid NOT NULL,
    id uuid NOT NULL,
    sealed_key bytea NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, id)
);
