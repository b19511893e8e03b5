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
