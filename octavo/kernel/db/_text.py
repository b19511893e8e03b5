"""Text from elsewhere as PostgreSQL takes it."""


def storable(text: str, *, longest: int) -> str:
    """The text without NUL, without half characters, and cut where it is too long: for words that nobody may lose."""
    return text[:longest].replace("\0", "").encode(errors="replace").decode()
