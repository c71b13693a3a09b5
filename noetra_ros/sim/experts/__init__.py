"""Scripted experts of worlds that need one of their own, one file each, named as the world."""
