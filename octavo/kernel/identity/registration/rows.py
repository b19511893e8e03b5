"""What someone gives to get an account."""

from typing import Annotated

from msgspec import Meta, Struct


class Registration(Struct, frozen=True):
    name: Annotated[str, Meta(description="What others see.", examples=["Ada Okafor"])]
    email: Annotated[str, Meta(description="For signing in; nobody else sees it.", examples=["ada@example.org"])]
    username: Annotated[
        str,
        Meta(description="3 to 30 letters, digits, dots, hyphens and underscores. Yours alone.", examples=["ada"]),
    ]
    password: Annotated[str, Meta(description="At least 10 characters.", examples=["seven grey herons"])]

    def __repr__(self) -> str:
        return f"Registration(username={self.username!r})"  # a password has no place in a log
