-- Files for those who want a film as a plain file: made once somebody asks for them.
CREATE TABLE media.export (
    asset_id uuid NOT NULL,
    name text NOT NULL,
    state text NOT NULL,
    failure text NOT NULL DEFAULT '',
    progress real NOT NULL DEFAULT 0,
    key text NOT NULL DEFAULT '',
    sha256 text NOT NULL DEFAULT '',
    bytes bigint NOT NULL DEFAULT 0,
    requested_at timestamptz NOT NULL,
    finished_at timestamptz,
    CONSTRAINT export_pkey PRIMARY KEY (asset_id, name),
    CONSTRAINT export_state CHECK (state IN ('waiting', 'ready', 'failed'))
);
