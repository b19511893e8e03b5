"""The eight products; each is a package of rooms that knows the kernel and no other product."""
