-- What accounts leave with us for other systems: public keys to check their requests, and keys of storage elsewhere.
CREATE TABLE comms.credential (
    account_id uuid NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL,
    friendly_name text NOT NULL,
    sealed_content bytea NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, id),
    CONSTRAINT credential_kind CHECK (kind IN ('aws', 'public_key'))
);
