"""Numbers of others that an account may call from, and the proof that whoever answers there agrees."""
