"""One file per claim: each measures ours and the peer side by side in one run and prints the ratio."""
