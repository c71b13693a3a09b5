"""Measured joints, in the profile's order."""

from __future__ import annotations

from typing import Any

from noetra_ros.policy.modalities.joints import STREAM
from noetra_ros.ros import interfaces
from noetra_ros.ros.conversions import joint_state_from_message
from noetra_ros.ros.policy_source import SOURCES, Leave, Wiring


@SOURCES.register("joints")
def joints(wiring: Wiring) -> list[Leave]:
    """joint_states, where the policy reads joints."""
    if not wiring.spec.joints:
        return []
    names = wiring.profile.joint_names

    def read(message: Any) -> tuple[str, int, Any]:
        state = joint_state_from_message(message, names)
        return STREAM, state.stamp_ns, state

    return [wiring.subscribe(interfaces.JOINT_STATES, read, wiring.profile.streams[STREAM].topic)]
