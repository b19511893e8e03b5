-- More ways for a file to come to us: in parts side by side (tus concatenation), from an address, out of a folder.

-- A part belongs to no asset yet, so the upload itself says whose it is; its id is then no asset's.
-- `concat` and `metadata` are the client's own words, which tus wants repeated to it.
ALTER TABLE media.upload ADD COLUMN owner_id uuid;
ALTER TABLE media.upload ADD COLUMN metadata text NOT NULL DEFAULT '';
ALTER TABLE media.upload ADD COLUMN concat text NOT NULL DEFAULT '';
-- Of a final upload: its parts in order. Of a part: the final upload that has claimed it.
ALTER TABLE media.upload ADD COLUMN parts uuid[] NOT NULL DEFAULT '{}';
ALTER TABLE media.upload ADD COLUMN joined_to uuid;
-- Where the server fetches the file from, and what its server called this version of it.
ALTER TABLE media.upload ADD COLUMN url text NOT NULL DEFAULT '';
ALTER TABLE media.upload ADD COLUMN validator text NOT NULL DEFAULT '';
UPDATE media.upload SET owner_id = a.owner_id FROM media.asset a WHERE a.asset_id = media.upload.asset_id;
DELETE FROM media.upload WHERE owner_id IS NULL;
ALTER TABLE media.upload ALTER COLUMN owner_id SET NOT NULL;
CREATE INDEX upload_parts_of_owner ON media.upload (owner_id) INCLUDE (length) WHERE concat = 'partial' AND joined_to IS NULL;
CREATE INDEX upload_parts_of ON media.upload (joined_to) WHERE joined_to IS NOT NULL;

-- How much a person's files may take together, where that differs from the setting; 0 sets no bound.
CREATE TABLE media.quota (
    owner_id uuid NOT NULL,
    bytes bigint NOT NULL,
    CONSTRAINT quota_pkey PRIMARY KEY (owner_id),
    CONSTRAINT quota_bytes CHECK (bytes >= 0)
);

-- What lies in the watched folder. `file_id` is made of the path; a file that changes is a new one under the old name.
CREATE TABLE media.watched_file (
    file_id uuid NOT NULL,
    path text NOT NULL,
    size bigint NOT NULL,
    modified_ns bigint NOT NULL,
    unchanged_since timestamptz NOT NULL,
    state text NOT NULL,
    owner_id uuid,
    src_sha256 text NOT NULL DEFAULT '',
    asset_id uuid,
    CONSTRAINT watched_file_pkey PRIMARY KEY (file_id),
    CONSTRAINT watched_file_state CHECK (state IN ('growing', 'taken', 'refused', 'failed'))
);
CREATE INDEX watched_file_content ON media.watched_file (owner_id, src_sha256) WHERE asset_id IS NOT NULL;
