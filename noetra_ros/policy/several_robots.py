"""The optional names of a policy that works for several robots at a time, as a server asks it to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from noetra_ros.core.types import ActionChunk, ActionPrefix, Observation


@dataclass(frozen=True)
class RobotRequest:
    """What one robot wants to know.

    Attributes:
        robot: its name; whatever a policy remembers, it remembers for each robot.
        observation: what to answer.
        prefix: what the chunk has to carry on from; None = nothing.
    """

    robot: str
    observation: Observation
    prefix: ActionPrefix | None = None


@runtime_checkable
class ServesSeveral(Protocol):
    """Two further names of a backend. Without them a server lets it work for one robot at a time."""

    def infer_batch(self, requests: Sequence[RobotRequest]) -> Sequence[ActionChunk]:
        """One chunk for each request, in their order; the robots are all different.

        Raises:
            PolicyError: an observation lacks what the spec asks for; each is then asked alone.
        """

    def forget(self, robot: str) -> None:
        """An episode of this robot begins, or it has gone."""
