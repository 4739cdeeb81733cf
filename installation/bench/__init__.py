"""What `installation bench` measures and how it tells it."""
