"""What senders may wish of a film's encryption."""

from base64 import b64encode

import pytest

from octavo.kernel.media.upload import tus
from octavo.kernel.refusals import BadRequest


def announced(wish: str) -> tus.TusHeaders:
    said = f"filename {b64encode(b'film.mp4').decode()},encryption {b64encode(wish.encode()).decode()}"
    return tus.TusHeaders(upload_length="5", upload_metadata=said)


@pytest.mark.parametrize("wish", ["", "none", "clear-key"])
def test_a_sender_may_have_one_film_encrypted_or_not(wish: str) -> None:
    assert tus.creation(announced(wish)).encryption == wish


@pytest.mark.parametrize("wish", ["widevine", "Clear-Key", "none ", "\x00"])
def test_other_wishes_are_refused_before_the_first_byte(wish: str) -> None:
    with pytest.raises(BadRequest, match="clear-key"):
        tus.creation(announced(wish))
