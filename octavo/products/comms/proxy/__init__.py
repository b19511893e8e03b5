"""The way in without a change of code: a CONNECT proxy that takes the vendor's hosts to the dialect, and no others."""
