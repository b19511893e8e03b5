-- Caps hold exactly: an account that has them counts in one row for each day, which is held while it accepts.
WITH several AS (
    DELETE FROM comms.guard_day RETURNING account_id, day, messages, segments, spend
), sums AS (
    SELECT account_id, day, sum(messages) AS messages, sum(segments) AS segments, sum(spend) AS spend
    FROM several GROUP BY account_id, day
)
INSERT INTO comms.guard_day (account_id, day, counter, messages, segments, spend)
SELECT account_id, day, -1, messages, segments, spend FROM sums;

ALTER TABLE comms.guard_day DROP CONSTRAINT guard_day_pkey, DROP COLUMN counter, ADD PRIMARY KEY (account_id, day);

-- What the guard refused lately, by hour, reason and country, with the last recipient of each.
CREATE TABLE comms.guard_refusal (
    account_id uuid NOT NULL,
    hour timestamptz NOT NULL,
    number integer NOT NULL,
    country text NOT NULL,
    messages bigint NOT NULL,
    recipient text NOT NULL,
    last_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, hour, number, country)
) WITH (fillfactor = 50);

CREATE INDEX guard_refusal_hour ON comms.guard_refusal (hour);
