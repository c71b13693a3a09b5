"""One file for each engine; the file's name is the name to ask for."""
