-- People, the values they have claimed, their passwords and sessions. Distribution column: user_id.

CREATE TABLE identity.user (
    user_id     uuid        NOT NULL,
    pseudonym   uuid        NOT NULL,  -- stands for the person in what outlives them; erasing this row cuts the link
    name        text        NOT NULL,
    email       text        NOT NULL,  -- as its owner writes it; uniqueness lives in identity.email_claim
    username    text        NOT NULL,  -- as its owner writes it; uniqueness lives in identity.username_claim
    roles       text[]      NOT NULL,
    state       text        NOT NULL,
    locale      text        NOT NULL,
    created_at  timestamptz NOT NULL,
    PRIMARY KEY (user_id),
    CONSTRAINT user_roles_known CHECK (roles <@ ARRAY['user', 'creator', 'moderator', 'operator']),
    CONSTRAINT user_state_known CHECK (state IN ('active', 'suspended'))
);

-- Directory, distributed by its unique value.
CREATE TABLE identity.email_claim (
    email_key   text COLLATE "C" NOT NULL,
    user_id     uuid             NOT NULL,
    claimed_at  timestamptz      NOT NULL,
    PRIMARY KEY (email_key)
);

-- Directory, distributed by its unique value.
CREATE TABLE identity.username_claim (
    username_key text COLLATE "C" NOT NULL,
    user_id      uuid             NOT NULL,
    claimed_at   timestamptz      NOT NULL,
    PRIMARY KEY (username_key)
);

-- Directory of one row: who was the first user. Whoever inserts it founds the installation; everyone later finds it taken.
CREATE TABLE identity.founding (
    installation text COLLATE "C" NOT NULL,
    user_id      uuid             NOT NULL,
    founded_at   timestamptz      NOT NULL,
    PRIMARY KEY (installation),
    CONSTRAINT founding_once CHECK (installation = 'this')
);

CREATE TABLE identity.password (
    user_id     uuid        NOT NULL,
    hash        text        NOT NULL,  -- Argon2id in its own encoded form: parameters, salt and digest
    changed_at  timestamptz NOT NULL,
    PRIMARY KEY (user_id),
    FOREIGN KEY (user_id) REFERENCES identity.user (user_id) ON DELETE CASCADE
);

CREATE TABLE identity.session (
    user_id      uuid        NOT NULL,
    session_id   uuid        NOT NULL,
    token_hash   bytea       NOT NULL,  -- SHA-256 of the token; the token itself is stored nowhere
    kind         text        NOT NULL,
    device       text        NOT NULL,
    address_hash text        NOT NULL,  -- keyed hash, never the address
    created_at   timestamptz NOT NULL,
    seen_at      timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL,
    PRIMARY KEY (user_id, session_id),
    CONSTRAINT session_token_hash UNIQUE (user_id, token_hash),
    FOREIGN KEY (user_id) REFERENCES identity.user (user_id) ON DELETE CASCADE,
    CONSTRAINT session_kind_known CHECK (kind IN ('cookie', 'bearer'))
);
CREATE INDEX session_expiry ON identity.session (expires_at);

-- Directory, distributed by its unique value: failed or running tries at a password, by keyed hash of login and address.
CREATE TABLE identity.attempt (
    attempt_key text COLLATE "C" NOT NULL,
    failures    integer          NOT NULL,
    last_at     timestamptz      NOT NULL,
    PRIMARY KEY (attempt_key)
);
CREATE INDEX attempt_age ON identity.attempt (last_at);

-- What happened to whose account. Keyed by pseudonym, so that it may outlive the person.
CREATE TABLE identity.audit (
    pseudonym    uuid        NOT NULL,
    audit_id     uuid        NOT NULL,
    kind         text        NOT NULL,
    by_pseudonym uuid,                  -- who did it, where that was not the person; NULL is the system
    address_hash text        NOT NULL,  -- blank once its retention has passed
    detail       jsonb       NOT NULL,
    at           timestamptz NOT NULL,
    PRIMARY KEY (pseudonym, audit_id)
);
CREATE INDEX audit_age ON identity.audit (at) WHERE address_hash <> '';
