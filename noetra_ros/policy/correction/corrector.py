"""The protocol that every corrector wears, what it is told of the chunk, and the registry of those that ship.

The idea is that of A2C2, asynchronous action chunk correction: a policy that is slow or far away plans, a
network that takes a few milliseconds looks at the newest pictures and says how far the rows ahead are off
by now.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from noetra_ros.core.registry import Registry
from noetra_ros.core.types import FloatArray, Observation
from noetra_ros.policy.spec import CameraNeed


@dataclass(frozen=True)
class CorrectorSpec:
    """What a corrector needs and gives.

    Attributes:
        model: name and version.
        joints: read and corrected, in its order.
        cameras: pictures.
        step_s: s between the offsets at which it corrects; the first is one step after the observation.
        rows: offsets at which it corrects.
        limit_rad: (n,) largest correction of each joint, either way; what is more is cut to it. 0 = the
            policy alone moves this joint.
        ignore_rad: (n,) what the corrector is usually wrong by: smaller corrections are left out, larger ones
            shortened by it.
        rate_hz: of its looks: pictures must come as often.
        latency_s: from a picture to its correction, declared: p95 of its real time, rounded up.
    """

    model: str
    joints: tuple[str, ...]
    cameras: tuple[CameraNeed, ...]
    step_s: float
    rows: int
    limit_rad: FloatArray
    ignore_rad: FloatArray
    rate_hz: float
    latency_s: float


@dataclass(frozen=True)
class Ahead:
    """What a corrector is told of the chunk that it corrects; columns in the order of its spec's joints.

    Attributes:
        base: (rows + 1, n) rad, the policy's own answer at the observation's instant and at each offset.
        planned: (n,) rad, where the plan that the robot follows is at the observation's instant.
        age_s: s from the observation that the policy answered to this one.
        left_s: s until the last row of its answer.
    """

    base: FloatArray
    planned: FloatArray
    age_s: float
    left_s: float


class Corrector(Protocol):
    """Three names. All calls come from one thread."""

    @property
    def spec(self) -> CorrectorSpec:
        """What it needs and gives."""

    def load(self) -> None:
        """Make ready: heavy imports, weights, one warm-up pass.

        Raises:
            ConfigError: what it needs is missing or wrong, all faults at once.
        """

    def residuals(self, observation: Observation, ahead: Ahead) -> FloatArray:
        """(rows, n) rad: what to add to the policy's answer at each offset. Who asks bounds and checks it.

        Raises:
            PolicyError: the observation lacks what the spec asks for.
        """


CorrectorFactory = Callable[[Path | None], Corrector]  # from a checkpoint folder; None = the one that ships
CORRECTORS: Registry[CorrectorFactory] = Registry("corrector", "noetra_ros.policy.correctors")


def create_corrector(name: str, checkpoint: Path | None = None) -> Corrector:
    """A corrector by its registered name, not yet loaded.

    Raises:
        ConfigError: unknown name, lists the known ones; or a checkpoint that cannot be read.
    """
    return CORRECTORS.get(name)(checkpoint)
