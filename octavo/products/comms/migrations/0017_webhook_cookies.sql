-- Cookies that a server has set while two numbers write to each other; `id` is a keyed hash of the three.
CREATE TABLE comms.webhook_cookies (
    account_id uuid NOT NULL,
    id uuid NOT NULL,
    sealed_cookies bytea,
    ends_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, id)
);

CREATE INDEX webhook_cookies_age ON comms.webhook_cookies (ends_at);
