"""What people may send each other."""

from octavo.kernel.refusals import Invalid

LONGEST_CONTENT = 10_000  # characters


class ContentInvalid(Invalid):
    title = "A message between people needs a text of at most 10,000 characters"


def check_content(content: str) -> None:
    """Raises ContentInvalid."""
    if not content.strip() or len(content) > LONGEST_CONTENT:
        raise ContentInvalid
