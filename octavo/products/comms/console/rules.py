"""What the console refuses."""

from octavo.kernel.refusals import NotFound


class NoAccount(NotFound):
    """A person without an account of the communications API, or one that is not theirs."""

    title = "There is no such account"

    def __init__(self) -> None:
        super().__init__("Open an account on the first page of Communications, or choose one of yours there.")
