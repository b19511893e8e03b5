"""Assets: one uploaded file each, and how far it is on its way to be played."""
