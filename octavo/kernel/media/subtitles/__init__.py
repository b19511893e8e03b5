"""Subtitles: SRT and WebVTT read, checked and kept as WebVTT, whoever brought them."""
