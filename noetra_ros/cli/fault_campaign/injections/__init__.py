"""One file for each type of failure of an input."""
