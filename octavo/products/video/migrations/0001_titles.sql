-- One row per title: what its owner says about it, and a copy of what the film's asset says about itself.
CREATE TABLE video.title (
    id uuid NOT NULL PRIMARY KEY,
    owner_id uuid NOT NULL,
    asset_id uuid NOT NULL,
    title text NOT NULL,
    description text NOT NULL DEFAULT '',
    tags text[] NOT NULL DEFAULT '{}',
    hashtags text[] NOT NULL DEFAULT '{}',
    place text NOT NULL DEFAULT '',
    visibility text NOT NULL DEFAULT 'private',
    release_date date,
    uploaded_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    published_at timestamptz,
    deleted_at timestamptz,
    deleted_by uuid,
    purge_at timestamptz,
    -- Copied from the asset by the consumer of media.asset_changed, so that a page of titles is one query that filters by them.
    film_state text NOT NULL DEFAULT 'uploading',
    film_failure text NOT NULL DEFAULT '',
    film_version integer NOT NULL DEFAULT 0,
    duration double precision NOT NULL DEFAULT 0,
    width integer NOT NULL DEFAULT 0,
    height integer NOT NULL DEFAULT 0,
    size bigint NOT NULL DEFAULT 0,
    poster_url text NOT NULL DEFAULT '',
    CONSTRAINT title_length CHECK (char_length(title) BETWEEN 1 AND 150),
    CONSTRAINT title_visibility CHECK (visibility IN ('private', 'unlisted', 'public')),
    CONSTRAINT title_published CHECK (visibility = 'private' OR published_at IS NOT NULL),
    CONSTRAINT title_deletion CHECK ((deleted_at IS NULL) = (purge_at IS NULL)),
    CONSTRAINT title_film_state CHECK (
        film_state IN ('uploading', 'uploaded', 'probing', 'playable', 'complete', 'failed')
    )
);

CREATE INDEX title_of_owner ON video.title (owner_id, uploaded_at DESC, id DESC);
CREATE INDEX title_new ON video.title (published_at DESC, id DESC)
    WHERE visibility = 'public' AND deleted_at IS NULL AND film_state IN ('playable', 'complete');
CREATE INDEX title_tagged ON video.title USING gin ((tags || hashtags))
    WHERE visibility = 'public' AND deleted_at IS NULL;

CREATE INDEX title_due_for_purge ON video.title (purge_at) WHERE purge_at IS NOT NULL;

-- The directory from an asset to the title it is the film of: the media package tells of assets, it knows no titles.
CREATE TABLE video.film (
    asset_id uuid NOT NULL PRIMARY KEY,
    title_id uuid NOT NULL
);

-- How far a person has watched, kept by person; no foreign key, because titles live on other shards.
CREATE TABLE video.position (
    user_id uuid NOT NULL,
    title_id uuid NOT NULL,
    seconds double precision NOT NULL,
    finished boolean NOT NULL,
    watched_at timestamptz NOT NULL,
    PRIMARY KEY (user_id, title_id),
    CONSTRAINT position_in_film CHECK (seconds >= 0)
);

CREATE INDEX position_unfinished ON video.position (user_id, watched_at DESC) WHERE NOT finished;
CREATE INDEX position_of_title ON video.position (title_id);
