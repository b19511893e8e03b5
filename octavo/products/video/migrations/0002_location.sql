-- Its name in the API.
ALTER TABLE video.title RENAME COLUMN place TO location;
