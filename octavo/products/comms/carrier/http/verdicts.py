"""What an HTTP status means where a provider does not say more (RFC 9110)."""

from collections.abc import Mapping

from octavo.products.comms.carrier.http.rows import Verdict

UNKNOWN = 30008
LONGEST_PAUSE = 600.0
MISCONFIGURED_PAUSE = 30.0  # our credentials are wrong: the messages wait for somebody to put that right


def judge_status(status: int, headers: Mapping[str, str], *, error_code: int = UNKNOWN) -> Verdict:
    """For statuses other than success."""
    if status in (401, 403, 407):
        return Verdict("later", retry_after=MISCONFIGURED_PAUSE)
    if status in (408, 429, 503):
        return Verdict("later", retry_after=_pause(headers.get("retry-after", "")))
    if 400 <= status < 500:
        return Verdict("refused", error_code=error_code)
    return Verdict("doubtful")


def _pause(text: str) -> float:
    return min(LONGEST_PAUSE, float(text)) if text.isascii() and text.isdigit() else 1.0
