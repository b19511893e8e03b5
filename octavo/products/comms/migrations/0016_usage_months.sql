-- The months of numbers: each is counted on its first day, the first one when the number is bought.
CREATE TABLE comms.number_month (
    account_id uuid NOT NULL,
    number_id uuid NOT NULL,
    first_day date NOT NULL,
    counted integer NOT NULL,
    next_day date NOT NULL,
    PRIMARY KEY (account_id, number_id),
    FOREIGN KEY (account_id, number_id) REFERENCES comms.number (account_id, id) ON DELETE CASCADE
);

CREATE INDEX number_month_next ON comms.number_month (next_day);

-- Numbers that are there already have had all months until today counted, as far as anybody did.
INSERT INTO comms.number_month (account_id, number_id, first_day, counted, next_day)
SELECT account_id, id, first_day, months, (first_day + make_interval(months => months))::date
FROM comms.number,
    LATERAL (SELECT (created_at AT TIME ZONE 'UTC')::date AS first_day) AS bought,
    LATERAL (SELECT age((now() AT TIME ZONE 'UTC')::date, first_day) AS owned) AS since,
    LATERAL (SELECT (extract(year FROM owned) * 12 + extract(month FROM owned) + 1)::integer AS months) AS sum;

-- The vendor has no category for kinds of numbers that few countries have.
WITH renamed AS (
    DELETE FROM comms.usage_count
    WHERE category IN ('phonenumbers-national', 'phonenumbers-voip', 'phonenumbers-sharedcost')
    RETURNING account_id, day, shard, count, usage, price
)
INSERT INTO comms.usage_count AS c (account_id, day, category, shard, count, usage, price)
SELECT account_id, day, 'phonenumbers-local', shard, sum(count), sum(usage), sum(price) FROM renamed
GROUP BY account_id, day, shard
ON CONFLICT (account_id, day, category, shard) DO UPDATE SET
    count = c.count + excluded.count, usage = c.usage + excluded.usage, price = c.price + excluded.price;

-- A trigger fires once in each of its times, which its last firing need not lie in: the end of a day is looked at after
-- midnight.
ALTER TABLE comms.usage_trigger ADD COLUMN fired_for date;
UPDATE comms.usage_trigger SET fired_for = CASE recurring
    WHEN 'daily' THEN (fired_at AT TIME ZONE 'UTC')::date
    WHEN 'monthly' THEN date_trunc('month', fired_at AT TIME ZONE 'UTC')::date
    WHEN 'yearly' THEN date_trunc('year', fired_at AT TIME ZONE 'UTC')::date
    ELSE date '2008-01-01'
END
WHERE fired_at IS NOT NULL;
