-- Films whose ladder is to be fitted to them first: only what plays soon is encoded until then.
ALTER TABLE media.asset ADD COLUMN unfitted boolean NOT NULL DEFAULT false;
-- Of a piece that was planned before its rendition was fitted: what it is encoded with, whenever that is.
ALTER TABLE media.chunk ADD COLUMN parameters jsonb;
