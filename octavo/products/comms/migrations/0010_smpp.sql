-- SMPP: what was given to carriers, part by part. The row is written before the part is sent, so that after a crash it is
-- known which parts may have been taken: those that are still 'intended'.
CREATE TABLE comms.smpp_submission (
    account_id uuid NOT NULL,
    message_id uuid NOT NULL,
    part smallint NOT NULL,
    line text NOT NULL,
    -- Both as the carrier spells them.
    sender text NOT NULL,
    recipient text NOT NULL,
    state text NOT NULL,
    status integer,
    smsc_id text NOT NULL DEFAULT '',
    fate text,
    error_code integer,
    intended_at timestamptz NOT NULL,
    answered_at timestamptz,
    -- When the carrier is asked what became of it, if it has not told by then.
    ask_at timestamptz,
    PRIMARY KEY (account_id, message_id, part),
    CONSTRAINT smpp_submission_state CHECK (state IN ('intended', 'accepted', 'refused', 'held', 'abandoned')),
    CONSTRAINT smpp_submission_fate CHECK (fate IN ('delivered', 'undelivered'))
) WITH (fillfactor = 70);

CREATE INDEX smpp_submission_doubtful ON comms.smpp_submission (line, recipient) WHERE state = 'intended';
CREATE INDEX smpp_submission_open ON comms.smpp_submission (line, ask_at) WHERE ask_at IS NOT NULL;
CREATE INDEX smpp_submission_age ON comms.smpp_submission (intended_at);

-- A directory of the carriers' ids, as they are compared: receipts name nothing else.
CREATE TABLE comms.smpp_message_id (
    line text NOT NULL,
    smsc_key text NOT NULL,
    account_id uuid NOT NULL,
    message_id uuid NOT NULL,
    part smallint NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (line, smsc_key)
);

CREATE INDEX smpp_message_id_age ON comms.smpp_message_id (created_at);

-- A directory of receipts whose message is not known: some come before the answer that names the id.
CREATE TABLE comms.smpp_stray (
    line text NOT NULL,
    smsc_key text NOT NULL,
    sender text NOT NULL,
    recipient text NOT NULL,
    state smallint,
    error integer,
    reference integer,
    arrived_at timestamptz NOT NULL,
    PRIMARY KEY (line, smsc_key)
);

CREATE INDEX smpp_stray_recipient ON comms.smpp_stray (line, recipient);

-- A directory of the parts of long messages that are still coming in. Once they are `joined` they are kept for a while:
-- what comes `again` is a part whose acknowledgement the carrier missed, or the whole message a second time.
CREATE TABLE comms.smpp_inbound_part (
    line text NOT NULL,
    sender text NOT NULL,
    recipient text NOT NULL,
    reference integer NOT NULL,
    total smallint NOT NULL,
    part smallint NOT NULL,
    sealed_body bytea NOT NULL,
    arrived_at timestamptz NOT NULL,
    joined boolean NOT NULL DEFAULT false,
    again boolean NOT NULL DEFAULT false,
    PRIMARY KEY (line, sender, recipient, reference, total, part)
);
