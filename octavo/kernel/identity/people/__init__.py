"""Finding other people, saying something about oneself, and keeping away from some."""
