"""AV1, VP9 and bright pictures: every frame in its place, the same bytes each time, and a true codec string."""

import hashlib
from pathlib import Path

import av
import pytest

from octavo.kernel.media.encode import Rung, SourceInfo, encode_chunk, ladder, plan_chunks, probe
from octavo.kernel.media.further.rules import further_rungs
from octavo.kernel.media.packaging import join_pieces
from octavo.settings.media import MediaSettings
from tests.kernel.media.films import decode_errors
from tests.kernel.media.numbered import a_numbered_film, made_by_ffmpeg, shown_frames

pytestmark = pytest.mark.slow

# P3 primaries in the units of SMPTE ST 2086, a screen of 1,000 nits, and what the film asks of it.
SCREEN = "G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,50)"
HDR10 = f"hdr10=1:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc:master-display={SCREEN}:max-cll=800,200"
HLG = "colorprim=bt2020:transfer=arib-std-b67:colormatrix=bt2020nc"


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return a_numbered_film(tmp_path_factory.mktemp("films") / "film.mp4", rate="12", seconds=14)


def a_rung(source: SourceInfo, form: str) -> Rung:
    settings = MediaSettings(further_codecs=("av1", "vp9"), hdr=True)
    return next(rung for rung in further_rungs(settings, source, ladder(source)) if rung.form == form)


@pytest.mark.parametrize(("form", "codec"), [("av1", "av01.0.00M.08"), ("vp9", "vp09.00.10.08")])
async def test_every_frame_is_shown_once_and_in_its_place(film: Path, tmp_path: Path, form: str, codec: str) -> None:
    source = await probe(film)
    rung = a_rung(source, form)
    pieces = []
    for span in plan_chunks(source):
        chunk = (await encode_chunk(film, tmp_path, span, [rung], source))[rung.name]
        assert chunk.index.codec == codec
        pieces.append(chunk.path)
    assert len(pieces) > 1
    join_pieces(pieces, tmp_path / "joined.mp4")
    assert decode_errors(tmp_path / "joined.mp4") == ""
    shown = shown_frames(tmp_path / "joined.mp4")
    assert [number for _, number in shown] == list(range(168))
    assert [time for time, _ in shown] == pytest.approx([n / 12 for n in range(168)], abs=0.001)
    before = hashlib.sha256(pieces[0].read_bytes()).digest()
    again = await encode_chunk(film, tmp_path, plan_chunks(source)[0], [rung], source)
    assert hashlib.sha256(again[rung.name].path.read_bytes()).digest() == before


@pytest.mark.parametrize(("parameters", "transfer"), [(HDR10, "pq"), (HLG, "hlg")])
async def test_bright_films_keep_their_light(tmp_path: Path, parameters: str, transfer: str) -> None:
    encoder = ("-c:v", "libx265", "-preset", "ultrafast", "-pix_fmt", "yuv420p10le", "-x265-params")
    picture = ("-f", "lavfi", "-i", "testsrc2=s=320x180:r=12:d=1")
    film = made_by_ffmpeg(*picture, *encoder, f"log-level=none:{parameters}", "-tag:v", "hvc1", tmp_path / "film.mp4")
    source = await probe(film)
    assert source.video.hdr == transfer
    rung = a_rung(source, "av1-hdr")
    chunk = (await encode_chunk(film, tmp_path, plan_chunks(source)[0], [rung], source))[rung.name]
    assert chunk.index.codec == "av01.0.00M.10"
    with av.open(str(chunk.path)) as made:
        frame = next(made.decode(video=0))
    assert frame.format.name == "yuv420p10le"
    assert (int(frame.color_trc), int(frame.colorspace)) == ({"pq": 16, "hlg": 18}[transfer], 9)
    assert len(list(frame.side_data)) >= (2 if transfer == "pq" else 0)  # the screen, and the light of the film
