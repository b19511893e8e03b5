"""Joining: uploads that came in parts, side by side, become one file (tus concatenation)."""
