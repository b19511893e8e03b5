-- Accounts: who may use the API, and with which secrets. Tokens and key secrets sign callbacks and access tokens, so
-- they are sealed under the master key rather than hashed.
CREATE TABLE comms.account (
    account_id uuid NOT NULL PRIMARY KEY,
    parent_id uuid,
    owner_id uuid,
    friendly_name text NOT NULL,
    status text NOT NULL DEFAULT 'active',
    type text NOT NULL DEFAULT 'Full',
    encrypt_bodies boolean NOT NULL DEFAULT false,
    sealed_token bytea NOT NULL,
    sealed_secondary_token bytea,
    secondary_since timestamptz,
    test_account_id uuid NOT NULL,
    sealed_test_token bytea NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT account_status CHECK (status IN ('active', 'suspended', 'closed')),
    CONSTRAINT account_type CHECK (type IN ('Full', 'Trial')),
    CONSTRAINT account_name CHECK (char_length(friendly_name) BETWEEN 1 AND 64)
);

CREATE INDEX account_of_parent ON comms.account (parent_id, account_id) WHERE parent_id IS NOT NULL;
CREATE INDEX account_of_owner ON comms.account (owner_id, account_id) WHERE owner_id IS NOT NULL;

-- A directory: test credentials have an account SID of their own, which opens the same account without its lines.
CREATE TABLE comms.test_account (
    test_account_id uuid NOT NULL PRIMARY KEY,
    account_id uuid NOT NULL
);

CREATE TABLE comms.api_key (
    account_id uuid NOT NULL,
    id uuid NOT NULL,
    friendly_name text NOT NULL DEFAULT '',
    kind text NOT NULL DEFAULT 'standard',
    sealed_secret bytea NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, id),
    CONSTRAINT api_key_kind CHECK (kind IN ('standard', 'main')),
    CONSTRAINT api_key_name CHECK (char_length(friendly_name) <= 64)
);

-- A directory: a request names the key alone.
CREATE TABLE comms.api_key_directory (
    id uuid NOT NULL PRIMARY KEY,
    account_id uuid NOT NULL
);

-- Requests of an account in one second, counted in leases that its web processes take.
CREATE UNLOGGED TABLE comms.request_rate (
    account_id uuid NOT NULL PRIMARY KEY,
    second bigint NOT NULL,
    taken integer NOT NULL
);
