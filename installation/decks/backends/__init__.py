"""The ways to run a network. Each is imported only when it is used."""
