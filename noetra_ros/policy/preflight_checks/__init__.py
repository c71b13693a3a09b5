"""One file for each check of the preflight; the file's name is the check's."""
