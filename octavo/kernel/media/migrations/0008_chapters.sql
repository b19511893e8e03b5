-- The named places of a film: out of its source, until the owner changes them. Each lasts until the next one begins.
CREATE TABLE media.chapter (
    asset_id uuid NOT NULL,
    start_ms integer NOT NULL,
    title text NOT NULL,
    CONSTRAINT chapter_pkey PRIMARY KEY (asset_id, start_ms),
    CONSTRAINT chapter_start CHECK (start_ms >= 0)
);

-- What the sources of the films that are here already say.
INSERT INTO media.chapter (asset_id, start_ms, title)
SELECT asset_id, start_ms, title
FROM (
    SELECT a.asset_id, a.duration,
        greatest(0, round(((c.value ->> 'start')::numeric - (a.source -> 'video' ->> 'start')::numeric) * 1000))::integer
            AS start_ms,
        coalesce(nullif(btrim(left(c.value ->> 'title', 120)), ''), 'Chapter ' || c.place) AS title
    FROM media.asset a CROSS JOIN LATERAL jsonb_array_elements(a.source -> 'chapters') WITH ORDINALITY c (value, place)
    WHERE a.state <> 'deleted' AND jsonb_array_length(a.source -> 'chapters') > 1
) found
WHERE start_ms < duration * 1000
ON CONFLICT DO NOTHING;
