"""Messages through hosted SMS APIs: two that Octavo knows, and any other by templates."""
