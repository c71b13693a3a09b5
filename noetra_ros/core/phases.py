"""The steps in which a robot is brought up: what the supervisor sends of what it lets through."""

from __future__ import annotations

PHASES = ("dry_run", "shadow", "slow", "full")
"""Most careful first. dry_run: commands are judged and shown, none is sent. shadow: the same, while a person
moves the robot, and compared with what they do. slow: sent, at reduced speed. full: sent."""

SENDING = ("slow", "full")


def lowest(*phases: str) -> str:
    """The most careful of some phases."""
    return min(phases, key=PHASES.index)
