"""The phase of the bring-up in the supervisor node: what is sent, what people are told, what is compared."""

from __future__ import annotations

import numpy as np

from noetra_ros.core.errors import single_fault
from noetra_ros.core.phases import SENDING, lowest
from noetra_ros.core.types import FloatArray
from noetra_ros.robots.profile import Channel, RobotProfile
from noetra_ros.safety.events import Event, operator_event
from noetra_ros.safety.modes import Mode
from noetra_ros.safety.shadowing import Shadowing

MEANINGS = {
    "dry_run": "commands are judged and shown on safety/shown, none is sent",
    "shadow": "commands are judged and compared with how a person moves the robot, none is sent",
    "slow": "commands are sent at reduced speed",
    "full": "commands are sent",
}


class PhaseWiring:
    """What the node does differently in each phase. It is chosen once, at the start.

    Args:
        profile: whose `released_for` holds a real robot back.
        channel: that is gated.
        asked: parameter `phase`.
        is_simulated: nobody can be hurt: the profile holds nothing back.
        is_lock_step: simulated time waits for each command.

    Raises:
        ConfigError: nothing is sent in this phase, and lock-step would wait for it for ever.

    Attributes:
        name: phase in force.
    """

    def __init__(
        self, profile: RobotProfile, channel: Channel, asked: str, is_simulated: bool, is_lock_step: bool
    ) -> None:
        self.name = asked if is_simulated else lowest(asked, profile.released_for)
        if is_lock_step and not self.sends:
            expected = "slow or full in lock-step"
            raise single_fault("supervisor", "phase", self.name, expected, "or real time: --time real_time")
        self._columns = [profile.joint_names.index(name) for name in channel.joints]
        self._shadow = Shadowing(channel.joints) if self.name == "shadow" and channel.joints else None
        self._joints: FloatArray | None = None

    @property
    def sends(self) -> bool:
        """Commands reach the controller."""
        return self.name in SENDING

    @property
    def warning(self) -> str:
        """What people have to know beside the mode; empty in the last phase."""
        return "" if self.name == "full" else f"phase {self.name}: {MEANINGS[self.name]}"

    def event(self, mode: Mode) -> Event:
        """Tells the phase at the start."""
        return operator_event(f"phase {self.name}: {MEANINGS[self.name]}", mode)

    def hear_joints(self, positions: FloatArray) -> None:
        """Measured joints, profile order."""
        self._joints = positions

    def compare(self, values: FloatArray) -> None:
        """In a shadow: (d,) what would have been sent, and where the joints are."""
        if self._shadow is not None and self._joints is not None:
            self._shadow.compare(values, np.asarray(self._joints)[self._columns])

    def words(self) -> str:
        """For diagnostics and the log."""
        return self.name if self._shadow is None else f"{self.name}; {self._shadow.words()}"

    def comparison(self, mode: Mode) -> Event | None:
        """Result of a shadow, for events and audit log; None in other phases."""
        return None if self._shadow is None else operator_event(f"shadow: {self._shadow.words()}", mode)
