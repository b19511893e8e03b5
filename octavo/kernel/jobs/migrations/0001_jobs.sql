-- Work to be done later. A finished job is deleted; one that failed for good stays as `dead` for a while.
CREATE TABLE jobs.job (
    queue_shard uuid NOT NULL,
    id uuid NOT NULL,
    queue text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    args jsonb NOT NULL,
    key text COLLATE "C",
    priority integer NOT NULL,
    due timestamptz NOT NULL,
    state text NOT NULL DEFAULT 'waiting',
    -- Raised by the claim, before anything runs, so that a job which kills its worker cannot loop for ever.
    starts integer NOT NULL DEFAULT 0,
    max_starts integer NOT NULL,
    -- Its last run ended without a word. Such jobs run one at a time, so that the guilty one drags no others down.
    suspect boolean NOT NULL DEFAULT false,
    -- Names one run. Whoever does not hold it any more can neither finish the job nor commit for it.
    run_token uuid,
    worker_id uuid,
    started_at timestamptz,
    enqueued_at timestamptz NOT NULL,
    error text NOT NULL DEFAULT '',
    CONSTRAINT job_pkey PRIMARY KEY (queue_shard, id),
    CONSTRAINT job_state CHECK (state IN ('waiting', 'running', 'dead')),
    CONSTRAINT job_run CHECK ((state = 'running') = (run_token IS NOT NULL))
) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.05);

CREATE INDEX job_waiting ON jobs.job (queue_shard, queue, priority DESC, due, id) WHERE state = 'waiting' AND NOT suspect;
CREATE INDEX job_suspect ON jobs.job (queue_shard, queue, due) WHERE state = 'waiting' AND suspect;
CREATE INDEX job_running ON jobs.job (queue_shard, worker_id) WHERE state = 'running';
CREATE INDEX job_dead ON jobs.job (queue_shard, started_at) WHERE state = 'dead';
CREATE UNIQUE INDEX job_waiting_key ON jobs.job (queue_shard, name, key) WHERE state = 'waiting' AND key IS NOT NULL;

-- Who runs jobs now. Deleting a row ends its leases. local: a row per worker process.
CREATE TABLE jobs.worker (
    id uuid NOT NULL,
    host text NOT NULL,
    pid integer NOT NULL,
    process_started text NOT NULL,
    queues text[] NOT NULL,
    started_at timestamptz NOT NULL,
    lease_until timestamptz NOT NULL,
    CONSTRAINT worker_pkey PRIMARY KEY (id)
);

-- When each schedule is next due. local: a row per schedule in the code.
CREATE TABLE jobs.schedule (
    name text NOT NULL,
    next_at timestamptz NOT NULL,
    CONSTRAINT schedule_pkey PRIMARY KEY (name)
);
