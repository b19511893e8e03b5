"""Storage: how much room films take, for whoever runs this Octavo."""
