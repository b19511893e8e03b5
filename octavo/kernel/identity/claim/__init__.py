"""Claims: the e-mail address and the username that one account holds and no other can."""
