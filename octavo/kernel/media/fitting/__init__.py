"""Fitting: the ladder of each film is measured and set by a probe of samples, once its beginning plays."""
