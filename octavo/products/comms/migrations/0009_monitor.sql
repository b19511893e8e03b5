-- What went wrong, for those whose programs it concerns: the debugger. It is kept for some weeks.
CREATE TABLE comms.alert (
    account_id uuid NOT NULL,
    id uuid NOT NULL,
    number integer NOT NULL,
    level text COLLATE "C" NOT NULL,
    text text NOT NULL,
    resource_sid text COLLATE "C" NOT NULL,
    service_sid text NOT NULL,
    -- The request that it was about, if it was about one; what it said and what came back are sealed.
    method text NOT NULL,
    url text NOT NULL,
    sealed_words bytea,
    created_at timestamptz NOT NULL,
    CONSTRAINT alert_pkey PRIMARY KEY (account_id, id),
    CONSTRAINT alert_level CHECK (level IN ('error', 'warning', 'notice', 'debug'))
);

CREATE INDEX alert_created ON comms.alert (created_at);
CREATE INDEX alert_resource ON comms.alert (account_id, resource_sid);

-- Who changed what in an account. It is kept as long as the account.
CREATE TABLE comms.event (
    account_id uuid NOT NULL,
    id uuid NOT NULL,
    type text COLLATE "C" NOT NULL,
    resource_type text NOT NULL,
    resource_sid text COLLATE "C" NOT NULL,
    actor_type text NOT NULL,
    actor_sid text COLLATE "C" NOT NULL,
    source text NOT NULL,
    data jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT event_pkey PRIMARY KEY (account_id, id)
);
