-- One row per thing that people can like, rate, comment on, list, share, follow or report. Distribution column: subject_id.

CREATE TABLE subject.subject (
    subject_id uuid NOT NULL,
    kind       text NOT NULL,  -- "<product>.<noun>", such as video.title
    owner_id   uuid NOT NULL,
    state      text NOT NULL,
    PRIMARY KEY (subject_id),
    CONSTRAINT subject_kind_form CHECK (kind ~ '^[a-z]+\.[a-z_]+$'),
    CONSTRAINT subject_state_known CHECK (state IN ('private', 'unlisted', 'public', 'removed'))
);
