"""The simulator's truth, for the scripted expert."""

from __future__ import annotations

from typing import Any

from noetra_ros.policy.modalities.truth import LABEL
from noetra_ros.ros import interfaces
from noetra_ros.ros.policy_source import SOURCES, Leave, Wiring


@SOURCES.register("truth")
def truth(wiring: Wiring) -> list[Leave]:
    """The truth goes to the planner; that it is there goes into the observation."""
    planner = wiring.planner
    if planner is None:
        return []

    def read(message: Any) -> tuple[str, int, Any]:
        return LABEL, planner.add(message), None

    return [wiring.subscribe(interfaces.PHYSICS_STATE, read)]
