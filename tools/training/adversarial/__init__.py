"""A generator that learns from a folder of pictures, by being told apart from them."""
