-- What accounts used, by day: counters in several rows, so that no two processes wait for one; old days are rolled up
-- into shard 0. Prices count millionths of the price list's currency.
CREATE TABLE comms.usage_count (
    account_id uuid NOT NULL,
    day date NOT NULL,
    category text NOT NULL,
    shard smallint NOT NULL,
    count bigint NOT NULL,
    usage bigint NOT NULL,
    price bigint NOT NULL,
    PRIMARY KEY (account_id, day, category, shard)
) WITH (fillfactor = 70);

CREATE INDEX usage_unrolled ON comms.usage_count (day) WHERE shard <> 0;

CREATE TABLE comms.usage_trigger (
    account_id uuid NOT NULL,
    id uuid NOT NULL,
    friendly_name text NOT NULL,
    category text NOT NULL,
    trigger_by text NOT NULL,
    -- Price in millionths, as above; counts and usage as they are.
    threshold bigint NOT NULL,
    recurring text NOT NULL,
    callback_url text NOT NULL,
    callback_method text NOT NULL,
    fired_at timestamptz,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, id),
    CONSTRAINT usage_trigger_by CHECK (trigger_by IN ('count', 'usage', 'price')),
    CONSTRAINT usage_trigger_recurring CHECK (recurring IN ('daily', 'monthly', 'yearly', 'alltime'))
);
