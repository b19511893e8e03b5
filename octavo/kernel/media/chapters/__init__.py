"""Chapters: the named places of a film, out of its source at first, and its owner's from then on."""
