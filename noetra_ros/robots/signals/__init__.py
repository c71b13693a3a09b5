"""One file for each kind of numeric stream: its message, its columns, how a row is read from a message."""
