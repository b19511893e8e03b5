-- Subtitles of a film, each a WebVTT file: out of the source (named by its track), or brought by the owner.
CREATE TABLE media.subtitle (
    asset_id uuid NOT NULL,
    name text NOT NULL,
    origin text NOT NULL,
    language text NOT NULL,
    label text NOT NULL,
    forced boolean NOT NULL DEFAULT false,
    cues integer NOT NULL,
    key text NOT NULL,
    sha256 text NOT NULL,
    bytes bigint NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT subtitle_pkey PRIMARY KEY (asset_id, name),
    CONSTRAINT subtitle_origin CHECK (origin IN ('source', 'owner'))
);
