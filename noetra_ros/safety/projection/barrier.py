"""What a barrier is: room of postures, row by row, or a limit of speeds; and how the known ones are made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol, runtime_checkable

from noetra_ros.core.errors import ConfigError, Fault
from noetra_ros.core.obstacles import ObstacleScene
from noetra_ros.core.registry import Registry
from noetra_ros.core.types import FloatArray
from noetra_ros.robots.kinematics import BoxedTool, ToolKinematics, further_tools, tool_kinematics
from noetra_ros.robots.link_hulls import LinkHulls
from noetra_ros.robots.profile import RobotProfile
from noetra_ros.safety.settings import SupervisorSettings


class Barrier(Protocol):
    """Rows of one kind. A posture has *room* to each of them; below 0 it is where it must not be."""

    @property
    def names(self) -> Sequence[str]:
        """(m) what must not meet."""
        ...

    @property
    def unit(self) -> str:
        """Of the room: m or rad."""
        ...

    @property
    def reach(self) -> FloatArray:
        """(m, j) the most that the room changes per unit of each joint, whatever the posture."""
        ...

    @property
    def left_out(self) -> Sequence[str]:
        """What it cannot watch."""
        ...

    def room(self, positions: FloatArray, rows: Sequence[int]) -> FloatArray:
        """(k,) room of some rows, in `unit`, with the joints at (j,) rad or m, profile order."""
        ...

    def gradient(self, rows: Sequence[int]) -> FloatArray:
        """(k, j) change of the room per unit of each joint, in the posture and of rows of the last `room`."""
        ...


@runtime_checkable
class BoundedBarrier(Barrier, Protocol):
    """A barrier whose rooms take long to measure, and can be told to be large in less time."""

    def bound(self, positions: FloatArray, rows: Sequence[int]) -> FloatArray:
        """(k,) what the room of some rows is not below, as `room`."""
        ...


@runtime_checkable
class SeeingBarrier(Barrier, Protocol):
    """A barrier whose rows come from what perception sees."""

    def see(self, scene: ObstacleScene | None) -> bool:
        """Take the newest scene; true where the rows are others than before."""
        ...


@runtime_checkable
class SpeedBarrier(Barrier, Protocol):
    """A barrier that also limits how fast points of the robot go, in any posture."""

    @property
    def speed_names(self) -> Sequence[str]:
        """(n) what is limited."""
        ...

    @property
    def most_mps(self) -> float:
        """Highest speed of each, m/s."""
        ...

    @property
    def speed_reach(self) -> FloatArray:
        """(n, j) the most that a unit of each joint's speed adds to that of the point, in any posture."""
        ...

    @property
    def speed_bend(self) -> FloatArray:
        """(n, j, j) the most that a unit of one joint changes what another one's speed adds."""
        ...

    def speed_jacobian(self, positions: FloatArray, row: int) -> FloatArray:
        """(3, j) velocity of a point per unit of each joint's speed, with the joints at (j,) rad or m."""
        ...

    def speed_jacobians(self, positions: FloatArray, row: int) -> FloatArray:
        """(k, 3, j) the same, with the joints at each of (k, j)."""
        ...


@dataclass(frozen=True)
class Body:
    """What barriers of one robot are made from, and share.

    Attributes:
        profile: the robot.
        settings: of the supervisor.
    """

    profile: RobotProfile
    settings: SupervisorSettings

    @cached_property
    def hulls(self) -> LinkHulls:
        """Shapes of its links."""
        return LinkHulls(self.profile)

    @cached_property
    def tool(self) -> ToolKinematics:
        """Where its first tool is."""
        return tool_kinematics(self.profile)

    @cached_property
    def tools(self) -> tuple[BoxedTool, ...]:
        """Every tool with its box; empty without a workspace."""
        box = self.profile.workspace
        return () if box is None else (BoxedTool(self.tool, box), *further_tools(self.profile))


Maker = Callable[[Body], Barrier | None]
barrier_registry: Registry[Maker] = Registry("safety barrier", "noetra_ros.safety.barriers")


def build_barriers(
    names: Sequence[str], profile: RobotProfile, settings: SupervisorSettings
) -> list[Barrier]:
    """The named barriers; those that profile and settings say nothing of are left out.

    Raises:
        ConfigError: unknown or repeated names; what is wrong in the profile.
    """
    if len(set(names)) != len(names):
        raise ConfigError("safety barriers", [Fault("barriers", ", ".join(names), "each name once")])
    body = Body(profile, settings)
    made = [barrier_registry.get(name)(body) for name in names]
    return [barrier for barrier in made if barrier is not None]
