"""The guard's page of the console."""
