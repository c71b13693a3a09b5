"""What computes the answers of a server: the protocol of engines and their registry."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from noetra_ros.core.config import setting
from noetra_ros.core.registry import Registry
from noetra_ros.core.types import ActionChunk
from noetra_ros.policy.serving.messages import Ask
from noetra_ros.policy.spec import PolicySpec


@dataclass(frozen=True, kw_only=True)
class ModelSettings:
    """Which model, and on how much hardware."""

    policy: str = setting(description="backend: a file of noetra_ros/policy/backends")
    robot: str = setting(description="robot profile that the model is for")
    checkpoint: str = setting(description="folder of a model; empty = the one that ships", default="")
    channel: str = setting(description="command channel of the profile; empty = its default", default="")
    device: str = setting(
        description="where the model runs; a missing device is an error",
        choices=("cpu", "cuda"),
        default="cpu",
    )
    max_batch: int = setting(description="requests computed together", minimum=1, maximum=256, default=8)
    replicas: int = setting(description="copies of the model; ray only", minimum=1, maximum=256, default=1)


@dataclass(frozen=True)
class EngineTraits:
    """What an engine can do.

    Attributes:
        spec: what its policy needs and gives.
        max_robots: so many robots at a time, each with a model that remembers it alone; 0 = any number.
        takes_prefix: it can carry on from actions that are already decided.
    """

    spec: PolicySpec
    max_robots: int
    takes_prefix: bool


@dataclass(frozen=True)
class Computed:
    """An answer and where its time went.

    Attributes:
        chunk: the answer.
        queue_s: s until the model was free.
        infer_s: s of the model, for the whole batch.
        batch: requests that were computed together.
    """

    chunk: ActionChunk
    queue_s: float
    infer_s: float
    batch: int


class VoidError(Exception):
    """Nobody waits for this answer any more: its time is over, or the robot has sent a newer observation."""


class Engine(Protocol):
    """Everything is called from one event loop."""

    async def start(self) -> EngineTraits:
        """Load the model.

        Raises:
            ConfigError: what it needs is missing or wrong.
        """

    async def compute(self, robot: str, ask: Ask) -> Computed:
        """Answer one request; a newer one of the same robot takes the place of one that still waits.

        Raises:
            VoidError: it was not computed, and nobody wants it any more.
            PolicyError: the model refused or failed.
        """

    def leave(self, robot: str) -> None:
        """A robot has gone; what was remembered for it is void."""

    def busy_s(self) -> float:
        """S that the present inference has taken; 0 = none runs."""

    async def stop(self) -> None:
        """Give the model back."""


EngineFactory = Callable[[ModelSettings], Engine]
ENGINES: Registry[EngineFactory] = Registry("engine", "noetra_ros.policy.serving.engines")
