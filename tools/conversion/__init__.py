"""Other people's checkpoints, read as data: nothing in them is ever imported, called or built."""
