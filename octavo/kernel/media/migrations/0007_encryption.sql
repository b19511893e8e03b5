-- Encrypted films: the key of each of their encodings, sealed under the master key, and what is encrypted under it.
CREATE TABLE media.content_key (
    asset_id uuid NOT NULL,
    key_id uuid NOT NULL,
    sealed bytea NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT content_key_pkey PRIMARY KEY (asset_id, key_id)
);
-- None: the files are as they come from the encoder.
ALTER TABLE media.rendition ADD COLUMN key_id uuid;
-- What this film's next encoding is to be, where that does not follow the setting.
ALTER TABLE media.asset ADD COLUMN encryption text NOT NULL DEFAULT '';
ALTER TABLE media.asset ADD CONSTRAINT asset_encryption CHECK (encryption IN ('', 'none', 'clear-key'));
