"""Say what this machine has, what is missing and how to get it."""

from __future__ import annotations


def command() -> None:
    """Check Python, compiler, ROS, DDS, graphics, torch, robots and models."""
    raise NotImplementedError
