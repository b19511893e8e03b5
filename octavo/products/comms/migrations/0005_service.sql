-- Messaging Services: senders that act as one. A number says itself which service it is in.
CREATE TABLE comms.service (
    account_id uuid NOT NULL,
    id uuid NOT NULL,
    friendly_name text NOT NULL,
    inbound_url text NOT NULL DEFAULT '',
    inbound_method text NOT NULL DEFAULT 'POST',
    fallback_url text NOT NULL DEFAULT '',
    fallback_method text NOT NULL DEFAULT 'POST',
    status_callback text NOT NULL DEFAULT '',
    sticky_sender boolean NOT NULL DEFAULT true,
    mms_converter boolean NOT NULL DEFAULT true,
    smart_encoding boolean NOT NULL DEFAULT true,
    scan_content text NOT NULL DEFAULT 'inherit',
    fallback_to_long_code boolean NOT NULL DEFAULT true,
    area_code_geomatch boolean NOT NULL DEFAULT true,
    synchronous_validation boolean NOT NULL DEFAULT false,
    webhook_on_number boolean NOT NULL DEFAULT false,
    validity_seconds integer NOT NULL DEFAULT 36000,
    usecase text NOT NULL DEFAULT 'undeclared',
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, id),
    CONSTRAINT service_validity CHECK (validity_seconds BETWEEN 1 AND 36000)
);

CREATE INDEX number_of_service ON comms.number (account_id, service_id, id) WHERE service_id IS NOT NULL;

-- Names that a service sends under, where a country allows them: in one country, or (blank) in all others.
CREATE TABLE comms.alpha_sender (
    account_id uuid NOT NULL,
    id uuid NOT NULL,
    service_id uuid NOT NULL,
    name text NOT NULL,
    country text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, id),
    UNIQUE (account_id, service_id, country, name),
    FOREIGN KEY (account_id, service_id) REFERENCES comms.service (account_id, id) ON DELETE CASCADE
);

-- A person hears from the same number of a service each time.
CREATE TABLE comms.sticky_sender (
    account_id uuid NOT NULL,
    service_id uuid NOT NULL,
    recipient text NOT NULL,
    sender text NOT NULL,
    PRIMARY KEY (account_id, service_id, recipient),
    FOREIGN KEY (account_id, service_id) REFERENCES comms.service (account_id, id) ON DELETE CASCADE
);

-- Who stopped whom: a number, or the hex of a Messaging Service's id.
CREATE TABLE comms.opt_out (
    account_id uuid NOT NULL,
    recipient text NOT NULL,
    sender text NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, recipient, sender)
);

-- Words and answers of an account's own, for one sender as above or (blank) for all that have none.
CREATE TABLE comms.opt_out_words (
    account_id uuid NOT NULL,
    sender text NOT NULL,
    wish text NOT NULL,
    words text[] NOT NULL,
    answer text NOT NULL,
    PRIMARY KEY (account_id, sender, wish),
    CONSTRAINT opt_out_wish CHECK (wish IN ('STOP', 'START', 'HELP'))
);
