"""The watched folder: files that somebody puts there are taken in once they have stopped growing, each once."""
