"""Resources of the vendor's first API, version 2010-04-01."""
