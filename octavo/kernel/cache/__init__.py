"""What a process remembers for a while: bounded, never the source of truth."""

from octavo.kernel.cache._local import Cache, versioned

__all__ = ["Cache", "versioned"]
