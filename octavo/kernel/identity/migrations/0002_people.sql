-- What people say about themselves, the words they are found by, and whom they do not want to meet.

CREATE TABLE identity.about (
    user_id     uuid        NOT NULL,
    bio         text        NOT NULL,
    findable    boolean     NOT NULL,
    updated_at  timestamptz NOT NULL,
    PRIMARY KEY (user_id),
    FOREIGN KEY (user_id) REFERENCES identity.user (user_id) ON DELETE CASCADE,
    CONSTRAINT about_length CHECK (char_length(bio) <= 500)
);

-- The words of a name and the username, in one spelling.
CREATE TABLE identity.search_word (
    user_id     uuid             NOT NULL,
    word        text COLLATE "C" NOT NULL,
    PRIMARY KEY (user_id, word),
    FOREIGN KEY (user_id) REFERENCES identity.user (user_id) ON DELETE CASCADE
);

CREATE INDEX search_word_begins ON identity.search_word (word, user_id);

INSERT INTO identity.search_word (user_id, word)
SELECT DISTINCT user_id, lower(word) FROM identity.user, regexp_split_to_table(name || ' ' || username, '\s+') AS word
WHERE word <> '';

CREATE TABLE identity.block (
    user_id     uuid        NOT NULL,
    blocked_id  uuid        NOT NULL,
    blocked_at  timestamptz NOT NULL,
    PRIMARY KEY (user_id, blocked_id),
    FOREIGN KEY (user_id) REFERENCES identity.user (user_id) ON DELETE CASCADE,
    CONSTRAINT block_of_another CHECK (user_id <> blocked_id)
);
