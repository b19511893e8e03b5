"""Storage: what the files of films take, by kind, by rung, by person and by month (`octavo media storage`)."""
