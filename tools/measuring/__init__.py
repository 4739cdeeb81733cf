"""How close a model's pictures are to those it learned from."""
