"""One file for each format of recorded episodes that `replay` reads."""
