"""One file for each fault of a node."""
