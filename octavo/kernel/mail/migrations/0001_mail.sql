-- Mails that wait for the server, and for some days those that were sent or, without a server, kept to be read.
CREATE TABLE mail.outbox (
    mail_id    uuid        NOT NULL,
    recipient  text        NOT NULL,
    subject    text        NOT NULL,
    text       text        NOT NULL,
    from_name  text        NOT NULL,
    state      text        NOT NULL,
    created_at timestamptz NOT NULL,
    sent_at    timestamptz,
    PRIMARY KEY (mail_id),
    CONSTRAINT outbox_state CHECK (state IN ('waiting', 'sent', 'kept'))
);
CREATE INDEX outbox_recipient ON mail.outbox (recipient, mail_id);
CREATE INDEX outbox_age ON mail.outbox (created_at);
