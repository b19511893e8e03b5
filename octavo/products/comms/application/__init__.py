"""Applications: what happens to what arrives, written down once for several numbers."""
