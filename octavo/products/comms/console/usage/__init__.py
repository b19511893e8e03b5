"""The usage page of the console."""
