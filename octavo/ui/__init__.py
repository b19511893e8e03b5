"""The pages: shared templates, the design system, the islands, and the renderer that puts them together."""
