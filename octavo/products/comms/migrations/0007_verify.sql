-- Verify: services, the verifications of numbers and addresses, and factors that people carry with them.
CREATE TABLE comms.verify_service (
    account_id uuid NOT NULL,
    id uuid NOT NULL,
    friendly_name text NOT NULL,
    code_length smallint NOT NULL,
    lookup_enabled boolean NOT NULL,
    skip_sms_to_landlines boolean NOT NULL,
    dtmf_input_required boolean NOT NULL,
    tts_name text NOT NULL,
    psd2_enabled boolean NOT NULL,
    do_not_share_warning_enabled boolean NOT NULL,
    custom_code_enabled boolean NOT NULL,
    default_template_id uuid,
    totp_issuer text NOT NULL,
    totp_time_step smallint NOT NULL,
    totp_code_length smallint NOT NULL,
    totp_skew smallint NOT NULL,
    -- Settings of channels that are kept and shown, by the names that the API has for them.
    push jsonb NOT NULL,
    whatsapp jsonb NOT NULL,
    passkeys jsonb NOT NULL,
    verify_event_subscription_enabled boolean NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, id),
    CONSTRAINT verify_service_code CHECK (code_length BETWEEN 4 AND 10)
);

-- From which Messaging Service the texts to a country go out.
CREATE TABLE comms.verify_route (
    account_id uuid NOT NULL,
    service_id uuid NOT NULL,
    country text NOT NULL,
    messaging_service_id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, service_id, country),
    FOREIGN KEY (account_id, service_id) REFERENCES comms.verify_service (account_id, id) ON DELETE CASCADE
);

-- The code is sealed rather than hashed: while it is pending, asking again sends the same one.
CREATE TABLE comms.verification (
    account_id uuid NOT NULL,
    id uuid NOT NULL,
    service_id uuid NOT NULL,
    recipient text NOT NULL,
    channel text NOT NULL,
    status text NOT NULL DEFAULT 'pending',
    sealed_code bytea NOT NULL,
    amount text NOT NULL DEFAULT '',
    payee text NOT NULL DEFAULT '',
    lookup jsonb NOT NULL,
    checks smallint NOT NULL DEFAULT 0,
    expires_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, id),
    FOREIGN KEY (account_id, service_id) REFERENCES comms.verify_service (account_id, id) ON DELETE CASCADE,
    CONSTRAINT verification_status CHECK (
        status IN ('pending', 'approved', 'canceled', 'max_attempts_reached', 'expired')
    )
) WITH (fillfactor = 80);

CREATE UNIQUE INDEX verification_pending ON comms.verification (account_id, service_id, recipient)
    WHERE status IN ('pending', 'max_attempts_reached');
CREATE INDEX verification_old ON comms.verification (created_at);
CREATE INDEX verification_late ON comms.verification (expires_at)
    WHERE status IN ('pending', 'max_attempts_reached');

-- Each time that a code was sent. `sealed_words` is what a call says, for as long as the call may be answered.
CREATE TABLE comms.verification_attempt (
    account_id uuid NOT NULL,
    id uuid NOT NULL,
    service_id uuid NOT NULL,
    verification_id uuid NOT NULL,
    recipient text NOT NULL,
    channel text NOT NULL,
    country text NOT NULL,
    locale text NOT NULL,
    code_length smallint NOT NULL,
    converted boolean NOT NULL DEFAULT false,
    expired boolean NOT NULL DEFAULT false,
    message_id uuid,
    redacted boolean NOT NULL DEFAULT false,
    sealed_words bytea,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, id),
    FOREIGN KEY (account_id, verification_id) REFERENCES comms.verification (account_id, id) ON DELETE CASCADE
);

CREATE INDEX attempt_of_verification ON comms.verification_attempt (account_id, verification_id, id);
CREATE INDEX attempt_unredacted ON comms.verification_attempt (created_at)
    WHERE message_id IS NOT NULL AND NOT redacted;
CREATE INDEX attempt_heard ON comms.verification_attempt (account_id, recipient, id) WHERE sealed_words IS NOT NULL;

CREATE TABLE comms.verify_rate_limit (
    account_id uuid NOT NULL,
    id uuid NOT NULL,
    service_id uuid NOT NULL,
    unique_name text NOT NULL,
    description text NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, id),
    CONSTRAINT verify_rate_limit_name UNIQUE (account_id, service_id, unique_name),
    FOREIGN KEY (account_id, service_id) REFERENCES comms.verify_service (account_id, id) ON DELETE CASCADE
);

CREATE TABLE comms.verify_bucket (
    account_id uuid NOT NULL,
    id uuid NOT NULL,
    rate_limit_id uuid NOT NULL,
    most integer NOT NULL,
    seconds integer NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, id),
    CONSTRAINT verify_bucket_interval UNIQUE (account_id, rate_limit_id, seconds),
    FOREIGN KEY (account_id, rate_limit_id) REFERENCES comms.verify_rate_limit (account_id, id) ON DELETE CASCADE
);

-- How often a value came up in a bucket's present interval.
CREATE TABLE comms.verify_count (
    account_id uuid NOT NULL,
    bucket_id uuid NOT NULL,
    value_hash bytea NOT NULL,
    since timestamptz NOT NULL,
    taken integer NOT NULL,
    PRIMARY KEY (account_id, bucket_id, value_hash),
    FOREIGN KEY (account_id, bucket_id) REFERENCES comms.verify_bucket (account_id, id) ON DELETE CASCADE
) WITH (fillfactor = 70);

CREATE INDEX verify_count_old ON comms.verify_count (since);

-- Numbers that no guard against fraud stops.
CREATE TABLE comms.verify_safe_number (
    account_id uuid NOT NULL,
    number text NOT NULL,
    id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, number)
);

-- A person as the account knows them: `identity` is the account's own name for them.
CREATE TABLE comms.verify_entity (
    account_id uuid NOT NULL,
    id uuid NOT NULL,
    service_id uuid NOT NULL,
    identity text NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, id),
    CONSTRAINT verify_entity_identity UNIQUE (account_id, service_id, identity),
    FOREIGN KEY (account_id, service_id) REFERENCES comms.verify_service (account_id, id) ON DELETE CASCADE
);

CREATE TABLE comms.verify_factor (
    account_id uuid NOT NULL,
    id uuid NOT NULL,
    service_id uuid NOT NULL,
    entity_id uuid NOT NULL,
    identity text NOT NULL,
    friendly_name text NOT NULL,
    status text NOT NULL DEFAULT 'unverified',
    sealed_secret bytea NOT NULL,
    alg text NOT NULL,
    code_length smallint NOT NULL,
    time_step smallint NOT NULL,
    skew smallint NOT NULL,
    metadata jsonb,
    -- The step of the last code that approved a challenge: RFC 6238 takes each code once.
    used_step bigint NOT NULL DEFAULT 0,
    failures smallint NOT NULL DEFAULT 0,
    failed_at timestamptz,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, id),
    FOREIGN KEY (account_id, entity_id) REFERENCES comms.verify_entity (account_id, id) ON DELETE CASCADE,
    CONSTRAINT verify_factor_status CHECK (status IN ('unverified', 'verified')),
    CONSTRAINT verify_factor_alg CHECK (alg IN ('sha1', 'sha256', 'sha512'))
);

CREATE INDEX factor_of_entity ON comms.verify_factor (account_id, entity_id, id);

CREATE TABLE comms.verify_challenge (
    account_id uuid NOT NULL,
    id uuid NOT NULL,
    service_id uuid NOT NULL,
    entity_id uuid NOT NULL,
    factor_id uuid NOT NULL,
    identity text NOT NULL,
    status text NOT NULL DEFAULT 'pending',
    details jsonb,
    hidden_details jsonb,
    metadata jsonb,
    responded_at timestamptz,
    expires_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, id),
    FOREIGN KEY (account_id, factor_id) REFERENCES comms.verify_factor (account_id, id) ON DELETE CASCADE,
    CONSTRAINT verify_challenge_status CHECK (status IN ('pending', 'expired', 'approved', 'denied'))
);

CREATE INDEX challenge_of_entity ON comms.verify_challenge (account_id, entity_id, id);

CREATE TABLE comms.verify_webhook (
    account_id uuid NOT NULL,
    id uuid NOT NULL,
    service_id uuid NOT NULL,
    friendly_name text NOT NULL,
    event_types text[] NOT NULL,
    webhook_url text NOT NULL,
    status text NOT NULL,
    version text NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, id),
    FOREIGN KEY (account_id, service_id) REFERENCES comms.verify_service (account_id, id) ON DELETE CASCADE,
    CONSTRAINT verify_webhook_status CHECK (status IN ('enabled', 'disabled')),
    CONSTRAINT verify_webhook_version CHECK (version IN ('v1', 'v2'))
);

CREATE INDEX webhook_of_service ON comms.verify_webhook (account_id, service_id, id);
