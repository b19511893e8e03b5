-- Callbacks that wait, and for some days those that were delivered or given up, for the inspector.
CREATE TABLE callbacks.delivery (
    owner_id uuid NOT NULL,
    id uuid NOT NULL,
    thread uuid NOT NULL,
    queue_shard smallint NOT NULL,
    kind text COLLATE "C" NOT NULL,
    subject text COLLATE "C" NOT NULL,
    destination text COLLATE "C" NOT NULL,
    url text NOT NULL,
    method text NOT NULL,
    fields text NOT NULL,
    json bytea,
    -- Values of fields that are blank above, sealed, because people wrote them. What came back is sealed with them.
    sealed_fields bytea,
    sealed_answer bytea,
    fallback_url text NOT NULL,
    fallback_method text NOT NULL,
    wants_answer boolean NOT NULL,
    state text NOT NULL DEFAULT 'waiting',
    rounds smallint NOT NULL DEFAULT 0,
    due timestamptz NOT NULL,
    -- The runner that has it in hand. It stays waiting meanwhile, so that those behind it in its thread wait as well.
    lease uuid,
    status integer,
    reason text NOT NULL DEFAULT '',
    seconds double precision,
    answer text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL,
    done_at timestamptz,
    CONSTRAINT delivery_pkey PRIMARY KEY (owner_id, id),
    CONSTRAINT delivery_state CHECK (state IN ('waiting', 'delivered', 'failed')),
    CONSTRAINT delivery_method CHECK (method IN ('GET', 'POST') AND fallback_method IN ('GET', 'POST'))
) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.05);

CREATE INDEX delivery_due ON callbacks.delivery (queue_shard, due) WHERE state = 'waiting' AND lease IS NULL;
CREATE INDEX delivery_leased ON callbacks.delivery (queue_shard, lease) WHERE lease IS NOT NULL;
CREATE INDEX delivery_thread ON callbacks.delivery (owner_id, thread, id) WHERE state = 'waiting';
CREATE INDEX delivery_destination ON callbacks.delivery (destination, due) WHERE state = 'waiting' AND lease IS NULL;
CREATE INDEX delivery_personal ON callbacks.delivery (owner_id, subject) WHERE sealed_fields IS NOT NULL;
CREATE INDEX delivery_done ON callbacks.delivery (done_at) WHERE done_at IS NOT NULL;

-- Attempts that went wrong; the last answer of all stands with the delivery.
CREATE TABLE callbacks.attempt (
    owner_id uuid NOT NULL,
    delivery_id uuid NOT NULL,
    id uuid NOT NULL,
    url text NOT NULL,
    status integer,
    reason text NOT NULL,
    detail text NOT NULL,
    seconds double precision NOT NULL,
    at timestamptz NOT NULL,
    CONSTRAINT attempt_pkey PRIMARY KEY (owner_id, delivery_id, id),
    CONSTRAINT attempt_delivery FOREIGN KEY (owner_id, delivery_id)
        REFERENCES callbacks.delivery (owner_id, id) ON DELETE CASCADE
);

-- Who delivers now. What a runner holds that is not here any more goes to others. local: a row per process.
CREATE TABLE callbacks.runner (
    id uuid NOT NULL,
    alive_until timestamptz NOT NULL,
    CONSTRAINT runner_pkey PRIMARY KEY (id)
);
