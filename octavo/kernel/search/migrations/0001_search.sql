-- What is in the index, with its words, so that it can be taken out again by them.
CREATE TABLE search.thing (
    owner_id uuid NOT NULL,
    kind text COLLATE "C" NOT NULL,
    thing_id uuid NOT NULL,
    at timestamptz NOT NULL,
    tokens text[] COLLATE "C" NOT NULL,
    PRIMARY KEY (owner_id, kind, thing_id)
);

-- One row for each word of each thing, in the order in which answers are read: the newest first.
CREATE TABLE search.token (
    owner_id uuid NOT NULL,
    kind text COLLATE "C" NOT NULL,
    token text COLLATE "C" NOT NULL,
    at timestamptz NOT NULL,
    thing_id uuid NOT NULL,
    PRIMARY KEY (owner_id, kind, token, at, thing_id)
);
