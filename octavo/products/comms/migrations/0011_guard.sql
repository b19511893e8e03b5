-- The spend and fraud guard: what each account may send, what it sent today, and what is held back for a while.
CREATE TABLE comms.guard_policy (
    account_id uuid NOT NULL,
    -- Countries that may be sent to; without a list every country may be that is not in the other one.
    countries_allowed text[],
    countries_refused text[] NOT NULL DEFAULT '{}',
    messages_per_day integer,
    segments_per_day integer,
    spend_per_day bigint,
    quiet_from time,
    quiet_to time,
    protects boolean NOT NULL DEFAULT false,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (account_id),
    CONSTRAINT guard_caps CHECK (messages_per_day >= 0 AND segments_per_day >= 0 AND spend_per_day >= 0),
    CONSTRAINT guard_quiet CHECK ((quiet_from IS NULL) = (quiet_to IS NULL))
);

-- What was accepted on a day (UTC), by whoever counted: processes do not wait for each other. Only where there are caps.
CREATE TABLE comms.guard_day (
    account_id uuid NOT NULL,
    day date NOT NULL,
    counter smallint NOT NULL,
    messages bigint NOT NULL,
    segments bigint NOT NULL,
    spend bigint NOT NULL,
    PRIMARY KEY (account_id, day, counter)
) WITH (fillfactor = 50);

-- The beginnings of numbers that look like fraud, and until when nothing goes there.
CREATE TABLE comms.guard_block (
    account_id uuid NOT NULL,
    beginning text NOT NULL,
    kind text NOT NULL,
    messages integer NOT NULL,
    delivered integer NOT NULL,
    created_at timestamptz NOT NULL,
    until timestamptz NOT NULL,
    PRIMARY KEY (account_id, beginning),
    CONSTRAINT guard_kind CHECK (kind IN ('pumping', 'new-country'))
);

-- The countries that a protected account has sent to, and since when.
CREATE TABLE comms.guard_country (
    account_id uuid NOT NULL,
    country text NOT NULL,
    first_seen timestamptz NOT NULL,
    PRIMARY KEY (account_id, country)
);
