"""Numbers of the supervisor's messages as words."""

from __future__ import annotations

import functools
from typing import Any

from noetra_ros.msg import SafetyEvent, SafetyState


@functools.cache
def constant_words(kind: type[Any], prefix: str) -> dict[int, str]:
    """Constant -> name without prefix, small letters."""
    names = [name for name in dir(kind) if name.startswith(prefix)]
    return {getattr(kind, name): name.removeprefix(prefix).lower() for name in names}


def mode_name(mode: int) -> str:
    """Name of a SafetyState.MODE_*."""
    return constant_words(SafetyState, "MODE_").get(mode, f"mode {mode}")


def action_name(action: int) -> str:
    """Name of a SafetyEvent.ACTION_*."""
    return constant_words(SafetyEvent, "ACTION_").get(action, f"action {action}")
