-- Small pictures of a film, one every `interval` seconds, laid out as tiles on sheets: what the bar of time previews.
CREATE TABLE media.storyboard (
    asset_id uuid NOT NULL,
    interval integer NOT NULL,
    tiles integer NOT NULL,
    columns integer NOT NULL,
    rows integer NOT NULL,
    width integer NOT NULL,
    height integer NOT NULL,
    CONSTRAINT storyboard_pkey PRIMARY KEY (asset_id),
    CONSTRAINT storyboard_counts CHECK (interval > 0 AND tiles > 0 AND columns > 0 AND rows > 0)
);

CREATE TABLE media.storyboard_sheet (
    asset_id uuid NOT NULL,
    n integer NOT NULL,
    key text NOT NULL,
    sha256 text NOT NULL,
    bytes bigint NOT NULL,
    CONSTRAINT storyboard_sheet_pkey PRIMARY KEY (asset_id, n),
    CONSTRAINT storyboard_sheet_storyboard FOREIGN KEY (asset_id) REFERENCES media.storyboard (asset_id) ON DELETE CASCADE
);
