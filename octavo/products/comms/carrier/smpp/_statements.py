"""The statements of `actions`: each writes many rows, given as arrays."""

from octavo.products.comms.carrier.smpp.queries import STRAY as STRAY_COLUMNS
from octavo.products.comms.carrier.smpp.queries import WAITING

INTEND = """
    INSERT INTO comms.smpp_submission AS s (account_id, message_id, part, line, sender, recipient, state, intended_at)
    SELECT account_id, message_id, part, line, sender, recipient, 'intended', $7
    FROM unnest($1::uuid[], $2::uuid[], $3::smallint[], $4::text[], $5::text[], $6::text[])
        AS t (account_id, message_id, part, line, sender, recipient)
    ON CONFLICT (account_id, message_id, part) DO UPDATE SET
        state = 'intended', line = excluded.line, sender = excluded.sender, intended_at = excluded.intended_at
    WHERE s.state = 'held'
    RETURNING s.account_id, s.message_id, s.part, s.line, s.sender, s.recipient, s.state, s.status, s.smsc_id,
        s.intended_at
"""
ANSWERED = """
    UPDATE comms.smpp_submission AS s SET
        state = t.state, status = t.status, smsc_id = t.smsc_id, error_code = t.error_code, answered_at = $8,
        ask_at = CASE WHEN t.smsc_id = '' THEN NULL ELSE t.ask_at END
    FROM unnest($1::uuid[], $2::uuid[], $3::smallint[], $4::text[], $5::integer[], $6::text[], $7::integer[],
        $9::timestamptz[]) AS t (account_id, message_id, part, state, status, smsc_id, error_code, ask_at)
    WHERE s.account_id = t.account_id AND s.message_id = t.message_id AND s.part = t.part
"""
NAMED = """
    INSERT INTO comms.smpp_message_id AS i (line, smsc_key, account_id, message_id, part, created_at)
    SELECT DISTINCT ON (line, smsc_key) line, smsc_key, account_id, message_id, part, $6
    FROM unnest($1::text[], $2::text[], $3::uuid[], $4::uuid[], $5::smallint[])
        AS t (line, smsc_key, account_id, message_id, part)
    ON CONFLICT (line, smsc_key) DO UPDATE SET
        account_id = excluded.account_id, message_id = excluded.message_id, part = excluded.part,
        created_at = excluded.created_at
"""
MATCHED = f"""
    DELETE FROM comms.smpp_stray WHERE (line, smsc_key) IN (SELECT * FROM unnest($1::text[], $2::text[]))
    RETURNING {STRAY_COLUMNS}
"""
STRAY = """
    INSERT INTO comms.smpp_stray AS s (line, smsc_key, sender, recipient, state, error, reference, arrived_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
    ON CONFLICT (line, smsc_key) DO UPDATE SET state = excluded.state, error = excluded.error
"""
FATED = """
    UPDATE comms.smpp_submission AS s SET fate = t.fate, error_code = t.error_code, ask_at = NULL
    FROM unnest($1::uuid[], $2::uuid[], $3::smallint[], $4::text[], $5::integer[])
        AS t (account_id, message_id, part, fate, error_code)
    WHERE s.account_id = t.account_id AND s.message_id = t.message_id AND s.part = t.part AND s.fate IS NULL
"""
KEEP_PART = f"""
    INSERT INTO comms.smpp_inbound_part ({WAITING}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
    ON CONFLICT (line, sender, recipient, reference, total, part) DO UPDATE SET
        joined = excluded.joined, again = excluded.again
"""
PART_PUT_OFF = """
    UPDATE comms.smpp_inbound_part SET arrived_at = $6
    WHERE line = $1 AND sender = $2 AND recipient = $3 AND reference = $4 AND total = $5
"""

OLD = (
    """
    DELETE FROM comms.smpp_submission /* fanout: by age */ WHERE (account_id, message_id, part) IN (
        SELECT account_id, message_id, part FROM comms.smpp_submission /* fanout: by age */
        WHERE intended_at < $1 LIMIT $2
    )
    """,
    """
    DELETE FROM comms.smpp_message_id /* fanout: by age */ WHERE (line, smsc_key) IN (
        SELECT line, smsc_key FROM comms.smpp_message_id /* fanout: by age */ WHERE created_at < $1 LIMIT $2
    )
    """,
    """
    DELETE FROM comms.smpp_stray /* fanout: by age */ WHERE (line, smsc_key) IN (
        SELECT line, smsc_key FROM comms.smpp_stray /* fanout: by age */ WHERE arrived_at < $1 LIMIT $2
    )
    """,
)
