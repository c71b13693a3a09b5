"""Scenes, one file each; the world of the same name shows them."""
