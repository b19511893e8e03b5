"""`python -m octavo.cli` is the `octavo` command."""

from octavo.cli import main

main()
