"""Downloading: the files of a film, for those who may keep them."""
