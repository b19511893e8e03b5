"""Encoders of graphics cards: machines without one fall back to software, and say so once."""

import logging
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from octavo.kernel.context import Engines
from octavo.kernel.media.encode import EncodeInterrupted, encode_chunk, hardware, ladder, on_hardware, plan_chunks
from octavo.kernel.media.encode.hardware import is_usable
from tests.kernel.media.encode.test_ladder import a_source
from tests.kernel.media.films import a_film, decode_errors
from tests.kernel.media.house import a_person, settled, uploaded, working

pytestmark = pytest.mark.slow

# What ffmpeg says when it has understood its options and then finds no card.
NO_CARD = {"nvenc": "cuda", "vaapi": "va", "qsv": "mfx"}


@pytest.fixture(autouse=True)
async def no_card(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test asks the machine anew. One that has a card proves nothing of machines without."""
    monkeypatch.setattr(hardware, "_known", {})
    if any([await is_usable(card) for card in NO_CARD]):
        pytest.skip("this machine has a graphics card that encodes")
    hardware._known.clear()


@pytest.mark.parametrize("card", NO_CARD)
async def test_a_missing_card_is_told_of_once(card: str, caplog: pytest.LogCaptureFixture) -> None:
    rungs = ladder(a_source(640, 360))
    with caplog.at_level(logging.WARNING, logger="octavo.media"):
        assert await on_hardware(rungs, card) == await on_hardware(rungs, card) == rungs
    [told] = [record.getMessage() for record in caplog.records if record.name == "octavo.media"]
    assert told.startswith(f"Films are encoded in software: {card} does not work on this machine.")
    assert NO_CARD[card] in told.lower()


async def test_a_piece_of_a_film_that_a_card_began_waits_for_a_machine_with_one(tmp_path: Path) -> None:
    source = a_source(640, 360)
    rungs = [msgspec.structs.replace(rung, encoder="nvenc") for rung in ladder(source)]
    with pytest.raises(EncodeInterrupted, match="nvenc"):
        await encode_chunk(tmp_path / "film.mp4", tmp_path, plan_chunks(source)[0], rungs, source)


async def test_without_a_card_films_are_encoded_in_software(engines: Engines, tmp_path: Path) -> None:
    media = type(engines.settings.media)(hardware_encoder="nvenc")
    engines = replace(engines, settings=engines.settings.__replace__(media=media))
    ctx = a_person(engines)
    asset_id = await uploaded(ctx, a_film(tmp_path / "film.mp4", seconds=1, size="160x90", sound=False))
    async with working(engines):
        assert (await settled(ctx, asset_id)).state == "complete"
    key = await ctx.db.main.value("SELECT key FROM media.rendition WHERE asset_id = $1", asset_id)
    assert decode_errors(ctx.blobs.local_path(key)) == ""
