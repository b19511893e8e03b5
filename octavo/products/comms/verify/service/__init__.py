"""Services: how an account verifies, in one place for each of its applications."""
