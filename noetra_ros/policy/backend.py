"""The protocol that every policy wears, what it is built from, and the registry of those that ship."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, runtime_checkable

from noetra_ros.core.registry import Registry
from noetra_ros.core.types import ActionChunk, ActionPrefix, FloatArray, Observation
from noetra_ros.policy.spec import PolicySpec
from noetra_ros.robots.profile import RobotProfile


class PolicyBackend(Protocol):
    """Four names; wrappers (remote, recorder, ensembling) have the same four.

    `spec` is known before `load()` wherever that needs no heavy import. All calls come from one thread.
    """

    @property
    def spec(self) -> PolicySpec:
        """What it needs and gives.

        Raises:
            ConfigError: the checkpoint that holds the answer cannot be read.
        """

    def load(self) -> None:
        """Make ready for `infer`: heavy imports, weights, one warm-up pass.

        Raises:
            ConfigError: what it needs is missing or wrong, all faults at once.
        """

    def infer(self, observation: Observation) -> ActionChunk:
        """The chunk that answers `observation`, stamped with its stamp.

        Raises:
            PolicyError: the observation lacks what the spec asks for.
        """

    def reset(self) -> None:
        """Forget the past: a new episode or a new sentence begins."""


@runtime_checkable
class CarriesOn(Protocol):
    """An optional fifth name: a policy that is given what the robot does meanwhile (real-time chunking)."""

    def infer_after(self, observation: Observation, prefix: ActionPrefix) -> ActionChunk:
        """The chunk that answers `observation` and begins with the frozen rows of `prefix`.

        Raises:
            PolicyError: the observation lacks what the spec asks for, or the prefix has other columns.
        """


InferAfter = Callable[[Observation, ActionPrefix], ActionChunk]


def answer_after(
    backend: PolicyBackend, observation: Observation, prefix_of: Callable[[int], ActionPrefix | None]
) -> ActionChunk:
    """Ask a policy; it carries on from a prefix where it can and there is one.

    Args:
        backend: loaded.
        observation: to be answered.
        prefix_of: what to carry on from, by the observation's stamp in ns; asked only where it is of use.

    Raises:
        PolicyError: the observation lacks what the spec asks for.
    """
    # asked by name: isinstance of a protocol takes longer than all of the rest here
    carry_on: InferAfter | None = getattr(backend, "infer_after", None)
    if carry_on is not None:
        prefix = prefix_of(observation.stamp_ns)
        if prefix is not None:
            return carry_on(observation, prefix)
    return backend.infer(observation)


class TruthPlanner(Protocol):
    """Plans from the simulator's truth; whoever builds a backend that `needs_truth` injects one."""

    def __call__(self, observation: Observation, rows: int, step_s: float, decided: FloatArray) -> FloatArray:
        """(rows, joints) rad, profile order; row k is where to be at stamp + (k + 1) * step_s.

        The first rows are those of `decided` (k, joints), which will be executed whatever is answered.
        """


@dataclass(frozen=True)
class BackendOptions:
    """What a backend is built from.

    Attributes:
        robot: profile of the robot that will be driven.
        channel: command channel; empty = the profile's default.
        checkpoint: folder of a model bundle; None = the one that ships.
        planner: source of plans for the scripted expert; None everywhere else.
        device: where torch puts the model: ``cpu`` or ``cuda``; backends without torch do not look at it.
    """

    robot: RobotProfile
    channel: str = ""
    checkpoint: Path | None = None
    planner: TruthPlanner | None = None
    device: str = "cpu"

    @property
    def channel_name(self) -> str:
        """Name of the channel that is meant."""
        return self.channel or self.robot.default_channel


BackendFactory = Callable[[BackendOptions], PolicyBackend]
BACKENDS: Registry[BackendFactory] = Registry("policy backend", "noetra_ros.policy.backends")


def create_backend(name: str, options: BackendOptions) -> PolicyBackend:
    """A backend by its registered name, not yet loaded.

    Raises:
        ConfigError: unknown name; lists the known ones.
    """
    return BACKENDS.get(name)(options)
