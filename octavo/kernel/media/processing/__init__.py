"""Processing: from an uploaded file to renditions that play, one crash-safe step at a time."""
