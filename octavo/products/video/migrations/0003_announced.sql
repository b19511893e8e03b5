-- A title may be announced before its film is there.
ALTER TABLE video.title ALTER COLUMN asset_id DROP NOT NULL;
ALTER TABLE video.title ADD COLUMN announced boolean NOT NULL DEFAULT false;
ALTER TABLE video.title DROP CONSTRAINT title_film_state;
ALTER TABLE video.title ADD CONSTRAINT title_film_state CHECK (
    film_state IN ('announced', 'uploading', 'uploaded', 'probing', 'playable', 'complete', 'failed')
);
ALTER TABLE video.title ADD CONSTRAINT title_film CHECK ((asset_id IS NULL) = (film_state = 'announced'));

CREATE INDEX title_entered ON video.title (uploaded_at DESC, id DESC)
    WHERE visibility = 'public' AND deleted_at IS NULL;
