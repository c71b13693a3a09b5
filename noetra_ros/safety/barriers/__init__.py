"""Barriers of the projection: one file each, registered under the file's name."""
