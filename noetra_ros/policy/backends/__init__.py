"""One file for each policy backend; the file's name is the name to ask for."""
