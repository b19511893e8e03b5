"""Registration: how an account begins, the first one of an installation included."""
