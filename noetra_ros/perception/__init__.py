"""Perception: from depth and pictures to obstacles, objects and people."""
