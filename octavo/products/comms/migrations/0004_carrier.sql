-- The simulated carrier: handsets that behave as they were told, what they were given, and what they say.
CREATE TABLE comms.handset (
    account_id uuid NOT NULL,
    number text NOT NULL,
    name text NOT NULL DEFAULT '',
    online boolean NOT NULL DEFAULT true,
    delay_min double precision,
    delay_max double precision,
    loss double precision NOT NULL DEFAULT 0,
    error_code integer,
    opt_out_after integer,
    opt_in_after double precision,
    -- How many messages were decided on: with the seed it draws what happens to the next, run after run the same.
    taken bigint NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, number),
    CONSTRAINT handset_loss CHECK (loss BETWEEN 0 AND 1),
    CONSTRAINT handset_delay CHECK (delay_min >= 0 AND delay_max >= delay_min)
) WITH (fillfactor = 70);

-- What a handset answers by itself: the first rule whose words are in the text.
CREATE TABLE comms.handset_reply (
    account_id uuid NOT NULL,
    number text NOT NULL,
    position smallint NOT NULL,
    words text NOT NULL,
    reply text NOT NULL,
    delay double precision NOT NULL DEFAULT 0,
    PRIMARY KEY (account_id, number, position),
    FOREIGN KEY (account_id, number) REFERENCES comms.handset (account_id, number) ON DELETE CASCADE
);

-- Everything that was given to the carrier, once for each message, and what is to be told of it and when. What is given
-- again is not taken again, but counted: nobody should.
CREATE TABLE comms.simulated_sms (
    account_id uuid NOT NULL,
    message_id uuid NOT NULL,
    queue_shard smallint NOT NULL,
    sender text NOT NULL,
    recipient text NOT NULL,
    -- Sealed, and nothing once the message was redacted or deleted.
    sealed_body bytea,
    media_urls text[] NOT NULL,
    taken_at timestamptz NOT NULL,
    fate text NOT NULL,
    error_code integer,
    report_at timestamptz,
    told_at timestamptz,
    submissions integer NOT NULL DEFAULT 1,
    PRIMARY KEY (account_id, message_id),
    CONSTRAINT simulated_fate CHECK (fate IN ('delivered', 'undelivered', 'lost', 'waiting'))
) WITH (fillfactor = 80);

CREATE INDEX simulated_due ON comms.simulated_sms (queue_shard, report_at) WHERE report_at IS NOT NULL;
CREATE INDEX simulated_of_handset ON comms.simulated_sms (account_id, recipient, message_id);
CREATE INDEX simulated_old ON comms.simulated_sms (taken_at);

-- What handsets say: answers that take their time, and what a person or a scenario has them send. It is `waiting`
-- until `due`, and then stays as the handset's own half of the conversation.
CREATE TABLE comms.handset_said (
    account_id uuid NOT NULL,
    id uuid NOT NULL,
    queue_shard smallint NOT NULL,
    sender text NOT NULL,
    recipient text NOT NULL,
    -- As above: nothing once the message that it became was redacted or deleted.
    sealed_body bytea,
    media_urls text[] NOT NULL,
    due timestamptz NOT NULL,
    waiting boolean NOT NULL DEFAULT true,
    PRIMARY KEY (account_id, id)
) WITH (fillfactor = 80);

CREATE INDEX said_due ON comms.handset_said (queue_shard, due) WHERE waiting;
CREATE INDEX said_by_handset ON comms.handset_said (account_id, sender, id);
CREATE INDEX said_old ON comms.handset_said (due) WHERE NOT waiting;
