"""The edge: the only rooms that talk to the world or to a library that does."""
