"""Colours that mean the same on every page, plot and terminal of this project."""

from __future__ import annotations

from dataclasses import dataclass

from noetra_ros.core.obstacles import ObstacleKind


@dataclass(frozen=True)
class ModeStyle:
    """How a supervisor mode looks.

    Attributes:
        colour: hex, readable on white and on near-black.
        terminal: colour name for rich.
        words: for a person.
    """

    colour: str
    terminal: str
    words: str


GREEN, AMBER, RED, PURPLE, GREY = "#2b9a5d", "#d99a0b", "#d23b32", "#8d4fd3", "#8a93a3"
MEASURED = "#2f73de"  # a line that was measured; no mode has this colour
REFUSED = "#d23b32"  # a command that was refused: the supervisor's red
PLANNED = "#14a3b8"  # what the policy is about to do; no mode and no measurement has this colour

# r, g, b, 0..1: obstacles in every 3-D picture, and as markers.
KIND_COLOURS = {
    ObstacleKind.UNKNOWN: (1.0, 0.6, 0.0),
    ObstacleKind.PERSON: (0.9, 0.1, 0.1),
    ObstacleKind.OBJECT: (0.2, 0.7, 0.2),
    ObstacleKind.FIXTURE: (0.5, 0.5, 0.5),
}

# By the names of SafetyState.MODE_*, in small letters.
MODE_STYLES = {
    "unknown": ModeStyle(GREY, "bright_black", "unknown"),
    "startup": ModeStyle(GREY, "bright_black", "starting up"),
    "standby": ModeStyle(GREY, "bright_black", "standby"),
    "active": ModeStyle(GREEN, "green", "active"),
    "slowed": ModeStyle(AMBER, "yellow", "slowed"),
    "protective_stop": ModeStyle(RED, "red", "protective stop"),
    "emergency_stop": ModeStyle(PURPLE, "magenta", "emergency stop"),
    "fault": ModeStyle(PURPLE, "magenta", "fault"),
}

# By the names of SafetyEvent.ACTION_*, in small letters.
ACTION_COLOURS = {
    "unknown": GREY,
    "pass": GREEN,
    "clamp": AMBER,
    "slow": AMBER,
    "stop": RED,
    "estop": PURPLE,
    "fault": PURPLE,
    "mode": GREY,
}


def rgb(colour: str) -> tuple[int, int, int]:
    """Red, green and blue of a colour in hex, 0..255."""
    red, green, blue = (int(colour[k : k + 2], 16) for k in (1, 3, 5))
    return red, green, blue
