"""Messages over SMPP 3.4 (Short Message Peer to Peer Protocol Specification, issue 1.2): lines to real carriers."""
