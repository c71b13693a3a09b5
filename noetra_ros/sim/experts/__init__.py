"""Scripted experts, one file each, named as the world whose tasks they do."""
