-- Whether whoever may watch a title may also keep its files.
ALTER TABLE video.title ADD COLUMN downloads_allowed boolean NOT NULL DEFAULT false;
