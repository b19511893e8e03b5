"""The vendor's protocol, as its official SDKs speak it. A file a resource; `core` holds what all of them share."""
