-- The rendition that a plain file is a copy of: once that has been replaced, the file is made again.
ALTER TABLE media.export ADD COLUMN rung text NOT NULL DEFAULT '';
UPDATE media.export e SET rung = r.rendition
FROM media.rendition r WHERE r.asset_id = e.asset_id AND e.name = r.rendition || '.mp4';
-- Of films that were encoded anew files went by names such as 480p-3.mp4, under which nobody asks any more.
DELETE FROM media.export WHERE name ~ '^[0-9]+p-[0-9]+[.]mp4$';
