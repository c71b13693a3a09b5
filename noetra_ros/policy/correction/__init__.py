"""Corrects the chunk that is being followed by what is seen now, between two answers of a slow policy."""
