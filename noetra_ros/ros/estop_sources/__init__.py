"""Kinds of emergency-stop sources, one file each; found by their file name."""
