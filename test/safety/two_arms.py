"""Robots with two arms under a whole supervisor: both told at once, and how near they come to one another."""

from __future__ import annotations

import dataclasses

import numpy as np
from supervised import SETTINGS, Supervised

from noetra_ros.robots.link_hulls import LinkHulls
from noetra_ros.robots.profile import RobotProfile, load_robot
from noetra_ros.safety.assembly import assemble
from noetra_ros.safety.limits import channel_limits

CHECKS = (*SETTINGS.checks, "workspace", "reduced_speed")
BARRIERS = ("workspace", "keep_out", "self_collision")


def home_of(profile: RobotProfile) -> np.ndarray:
    """(n,) where an episode begins."""
    assert profile.sim is not None
    return np.array([profile.sim.home[name] for name in profile.joint_names])


class TwoArms(Supervised):
    """At home, 100 Hz; the robot follows at once."""

    def __init__(self, robot: str | RobotProfile, barriers: tuple[str, ...] = BARRIERS) -> None:
        profile = load_robot(robot) if isinstance(robot, str) else robot
        limits = channel_limits(profile, profile.channel())
        super().__init__(limits, home_of(profile), checks=CHECKS)
        self.settings = dataclasses.replace(SETTINGS, checks=CHECKS, barriers=barriers)
        self.supervisor = assemble(profile, profile.channel(), self.settings).supervisor
        self.profile, self._hulls = profile, LinkHulls(profile)
        sides = np.array([link.startswith("left") for link in self._hulls.links])
        first, second = (self._hulls.supports.any(axis=1) & side for side in (sides, ~sides))
        self._pairs = [(i, j) for i in np.flatnonzero(first) for j in np.flatnonzero(second)]

    def drive(self, goal: np.ndarray, periods: int) -> np.ndarray:
        """(periods,) m between the two arms, told all the while to go to `goal` at half their speed."""
        at, step = self.sent[-1].copy(), 0.005 * np.array(self.limits.column("velocity"))
        gaps = []
        for _ in range(periods):
            at = np.clip(goal, at - step, at + step)
            self.step(at.tolist())
            gaps.append(self.gap_m())
        return np.array(gaps)

    def gap_m(self) -> float:
        """Between the two arms as they are told to be."""
        self._hulls.place(self.sent[-1])
        return min(self._hulls.gap(i, j).room_m for i, j in self._pairs)

    def tools_m(self) -> list[np.ndarray]:
        """Where the tools are told to be, base frame."""
        return [tool.kinematics.tool_position(self.sent[-1]) for tool in self.limits.tools]

    def reasons(self) -> str:
        """All that was told."""
        return "\n".join(event.verdict.reason for event in self.events)
