"""The kernel: everything that more than one product needs, and nothing that only one does."""
