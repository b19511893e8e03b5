-- Phone numbers that accounts own, and what happens to what arrives at them.
CREATE TABLE comms.number (
    account_id uuid NOT NULL,
    id uuid NOT NULL,
    number text NOT NULL,
    country text NOT NULL,
    kind text NOT NULL,
    friendly_name text NOT NULL,
    user_id uuid,
    service_id uuid,
    sms boolean NOT NULL,
    mms boolean NOT NULL,
    voice boolean NOT NULL,
    fax boolean NOT NULL,
    sms_url text NOT NULL DEFAULT '',
    sms_method text NOT NULL DEFAULT 'POST',
    sms_fallback_url text NOT NULL DEFAULT '',
    sms_fallback_method text NOT NULL DEFAULT 'POST',
    sms_application_id uuid,
    voice_url text NOT NULL DEFAULT '',
    voice_method text NOT NULL DEFAULT 'POST',
    voice_fallback_url text NOT NULL DEFAULT '',
    voice_fallback_method text NOT NULL DEFAULT 'POST',
    voice_application_id uuid,
    voice_caller_id_lookup boolean NOT NULL DEFAULT false,
    voice_receive_mode text NOT NULL DEFAULT 'voice',
    status_callback text NOT NULL DEFAULT '',
    status_callback_method text NOT NULL DEFAULT 'POST',
    trunk_id uuid,
    address_id uuid,
    identity_id uuid,
    bundle_id uuid,
    emergency_status text NOT NULL DEFAULT 'Inactive',
    emergency_address_id uuid,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, id),
    UNIQUE (account_id, number),
    CONSTRAINT number_kind CHECK (kind IN ('local', 'mobile', 'tollfree', 'national', 'voip', 'sharedcost'))
);

-- The directory of numbers: each belongs to one account, and what arrives names nothing but the number.
CREATE TABLE comms.number_directory (
    number text NOT NULL PRIMARY KEY,
    account_id uuid NOT NULL,
    id uuid NOT NULL
);

-- What happens to what arrives at several numbers, written down once.
CREATE TABLE comms.application (
    account_id uuid NOT NULL,
    id uuid NOT NULL,
    friendly_name text NOT NULL,
    api_version text NOT NULL,
    sms_url text NOT NULL DEFAULT '',
    sms_method text NOT NULL DEFAULT 'POST',
    sms_fallback_url text NOT NULL DEFAULT '',
    sms_fallback_method text NOT NULL DEFAULT 'POST',
    message_status_callback text NOT NULL DEFAULT '',
    voice_url text NOT NULL DEFAULT '',
    voice_method text NOT NULL DEFAULT 'POST',
    voice_fallback_url text NOT NULL DEFAULT '',
    voice_fallback_method text NOT NULL DEFAULT 'POST',
    voice_caller_id_lookup boolean NOT NULL DEFAULT false,
    status_callback text NOT NULL DEFAULT '',
    status_callback_method text NOT NULL DEFAULT 'POST',
    public_application_connect_enabled boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, id)
);

-- Where customers of an account are at home, for numbers that want an address.
CREATE TABLE comms.address (
    account_id uuid NOT NULL,
    id uuid NOT NULL,
    friendly_name text NOT NULL,
    customer_name text NOT NULL,
    street text NOT NULL,
    street_secondary text NOT NULL,
    city text NOT NULL,
    region text NOT NULL,
    postal_code text NOT NULL,
    iso_country text NOT NULL,
    emergency_enabled boolean NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, id)
);

-- Numbers of others that an account may call from, because whoever answers there said so.
CREATE TABLE comms.caller_id (
    account_id uuid NOT NULL,
    id uuid NOT NULL,
    number text NOT NULL,
    friendly_name text NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, id),
    CONSTRAINT caller_id_once UNIQUE (account_id, number)
);

-- Asking there: the code that is to be said or typed in, until it expires.
CREATE TABLE comms.validation_request (
    account_id uuid NOT NULL,
    id uuid NOT NULL,
    number text NOT NULL,
    channel text NOT NULL,
    friendly_name text NOT NULL,
    code text NOT NULL,
    extension text NOT NULL,
    words text NOT NULL,
    status text NOT NULL DEFAULT 'pending',
    attempts integer NOT NULL DEFAULT 0,
    status_callback text NOT NULL,
    status_callback_method text NOT NULL,
    caller_id uuid,
    due_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, id),
    CONSTRAINT validation_channel CHECK (channel IN ('call', 'sms')),
    CONSTRAINT validation_status CHECK (status IN ('pending', 'success', 'failed'))
);

CREATE INDEX validation_pending ON comms.validation_request (account_id, number) WHERE status = 'pending';
