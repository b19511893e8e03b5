-- What people upload and what is made of it. Every table is distributed by asset_id.

CREATE TABLE media.asset (
    asset_id uuid NOT NULL,
    owner_id uuid NOT NULL,
    purpose text NOT NULL,
    filename text NOT NULL,
    state text NOT NULL,
    failure text NOT NULL DEFAULT '',
    -- Deletion raises it, so that work begun before can publish nothing. It is not the manifest's version.
    generation integer NOT NULL DEFAULT 1,
    size bigint NOT NULL,
    src_sha256 text NOT NULL DEFAULT '',
    source_key text NOT NULL DEFAULT '',
    source jsonb,
    width integer NOT NULL DEFAULT 0,
    height integer NOT NULL DEFAULT 0,
    duration double precision NOT NULL DEFAULT 0,
    poster_key text NOT NULL DEFAULT '',
    poster_etag text NOT NULL DEFAULT '',
    manifest_version integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    CONSTRAINT asset_pkey PRIMARY KEY (asset_id),
    CONSTRAINT asset_state CHECK (
        state IN ('uploading', 'uploaded', 'probing', 'playable', 'complete', 'failed', 'deleted')
    )
);
CREATE INDEX asset_by_owner ON media.asset (owner_id) INCLUDE (size) WHERE state <> 'deleted';
CREATE INDEX asset_unsettled ON media.asset (changed_at) WHERE state IN ('uploaded', 'probing', 'playable');

-- An upload is named by its asset. `received` counts only bytes that are safe on the disk.
CREATE TABLE media.upload (
    asset_id uuid NOT NULL,
    length bigint NOT NULL,
    received bigint NOT NULL DEFAULT 0,
    finished_at timestamptz,
    expires_at timestamptz NOT NULL,
    CONSTRAINT upload_pkey PRIMARY KEY (asset_id),
    CONSTRAINT upload_received CHECK (length > 0 AND received BETWEEN 0 AND length)
);
CREATE INDEX upload_expires ON media.upload (expires_at);

-- SHA-256 of each whole 8 MiB part (and of the shorter last one): a hash that survives a restart.
CREATE TABLE media.upload_part (
    asset_id uuid NOT NULL,
    n integer NOT NULL,
    sha256 bytea NOT NULL,
    CONSTRAINT upload_part_pkey PRIMARY KEY (asset_id, n),
    CONSTRAINT upload_part_upload FOREIGN KEY (asset_id) REFERENCES media.upload (asset_id) ON DELETE CASCADE
);

-- One track of the result: a rung of the ladder (v480) or a language of the sound (a0).
CREATE TABLE media.rendition (
    asset_id uuid NOT NULL,
    rendition text NOT NULL,
    kind text NOT NULL,
    position integer NOT NULL,
    codec text NOT NULL,
    width integer NOT NULL DEFAULT 0,
    height integer NOT NULL DEFAULT 0,
    parameters jsonb NOT NULL,
    state text NOT NULL,
    key text NOT NULL DEFAULT '',
    sha256 text NOT NULL DEFAULT '',
    bytes bigint NOT NULL DEFAULT 0,
    track_index jsonb,
    CONSTRAINT rendition_pkey PRIMARY KEY (asset_id, rendition),
    CONSTRAINT rendition_kind CHECK (kind IN ('video', 'audio')),
    CONSTRAINT rendition_state CHECK (state IN ('waiting', 'encoding', 'encoded', 'ready'))
);

-- A piece of a rendition, from `starts` to `ends` seconds: what a crash can lose. `span` is where it lies on the frame
-- grid; pieces of sound have none, because they come from one pass over the whole track.
CREATE TABLE media.chunk (
    asset_id uuid NOT NULL,
    rendition text NOT NULL,
    n integer NOT NULL,
    state text NOT NULL,
    starts double precision NOT NULL,
    ends double precision NOT NULL,
    span jsonb,
    progress real NOT NULL DEFAULT 0,
    attempt integer NOT NULL DEFAULT 0,
    key text NOT NULL DEFAULT '',
    sha256 text NOT NULL DEFAULT '',
    bytes bigint NOT NULL DEFAULT 0,
    track_index jsonb,
    CONSTRAINT chunk_pkey PRIMARY KEY (asset_id, rendition, n),
    CONSTRAINT chunk_rendition FOREIGN KEY (asset_id, rendition)
        REFERENCES media.rendition (asset_id, rendition) ON DELETE CASCADE,
    CONSTRAINT chunk_state CHECK (state IN ('waiting', 'queued', 'ready'))
);

-- What a player was told. `retires_at` is set when the next version replaces it: its files live until then.
CREATE TABLE media.manifest (
    asset_id uuid NOT NULL,
    version integer NOT NULL,
    generation integer NOT NULL,
    form text NOT NULL,
    renditions text[] NOT NULL,
    published_at timestamptz NOT NULL,
    retires_at timestamptz,
    CONSTRAINT manifest_pkey PRIMARY KEY (asset_id, version),
    CONSTRAINT manifest_form CHECK (form IN ('growing', 'whole'))
);
