"""Understands uploaded films and encodes them: probe, ladder, chunk plan, chunks, audio, poster.

Pure of database, jobs and HTTP: files and rows go in, files and rows come out, and equal input gives equal bytes.
"""

from octavo.kernel.film import AudioTrack, FrameRate, NotAVideo, SourceInfo, TextTrack, VideoTrack, probe
from octavo.kernel.media.encode.audio import encode_audio
from octavo.kernel.media.encode.chunks import encode_chunk
from octavo.kernel.media.encode.ffmpeg import EncodeCancelled, EncodeFailed, EncodeInterrupted
from octavo.kernel.media.encode.fitting import fitted_rungs, samples_of
from octavo.kernel.media.encode.hardware import on_hardware
from octavo.kernel.media.encode.ladder import first_rung, ladder, video_cap
from octavo.kernel.media.encode.plan import audio_key, chunk_key, plan_chunks
from octavo.kernel.media.encode.poster import extract_posters
from octavo.kernel.media.encode.rows import AudioPiece, ChunkSpan, EncodedChunk, Poster, Rung
from octavo.kernel.media.encode.sounds import Sound, planned_sounds, sound_cap, sound_of
from octavo.kernel.media.encode.storyboard import draw_storyboard, plan_storyboard
from octavo.kernel.media.encode.texts import extract_texts

__all__ = [
    "AudioPiece",
    "AudioTrack",
    "ChunkSpan",
    "EncodeCancelled",
    "EncodeFailed",
    "EncodeInterrupted",
    "EncodedChunk",
    "FrameRate",
    "NotAVideo",
    "Poster",
    "Rung",
    "Sound",
    "SourceInfo",
    "TextTrack",
    "VideoTrack",
    "audio_key",
    "chunk_key",
    "draw_storyboard",
    "encode_audio",
    "encode_chunk",
    "extract_posters",
    "extract_texts",
    "first_rung",
    "fitted_rungs",
    "ladder",
    "on_hardware",
    "plan_chunks",
    "plan_storyboard",
    "planned_sounds",
    "probe",
    "samples_of",
    "sound_cap",
    "sound_of",
    "video_cap",
]
