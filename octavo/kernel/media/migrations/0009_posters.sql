-- Pictures that a film may be shown by: frames of it, and those that its owner has brought. The one that is shown is
-- media.asset.poster_key.
CREATE TABLE media.poster (
    asset_id uuid NOT NULL,
    name text NOT NULL,
    origin text NOT NULL,
    -- Of a frame: its second of the film.
    at double precision NOT NULL DEFAULT 0,
    key text NOT NULL,
    sha256 text NOT NULL,
    bytes bigint NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT poster_pkey PRIMARY KEY (asset_id, name),
    CONSTRAINT poster_origin CHECK (origin IN ('film', 'owner'))
);
