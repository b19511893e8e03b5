"""The console's page about numbers of others that an account may call from."""
