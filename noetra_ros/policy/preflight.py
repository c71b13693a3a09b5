"""Proves before anything is armed that serving equals training: every mismatch by name, none repaired."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from noetra_ros.core.errors import ConfigError, Fault
from noetra_ros.core.registry import Registry
from noetra_ros.policy.spec import PolicySpec
from noetra_ros.robots.profile import Channel, RobotProfile


@dataclass(frozen=True)
class Serving:
    """What a policy would work with.

    Attributes:
        robot: what the robot offers.
        channel_name: command channel; empty = the profile's default.
        is_simulation: whether a simulator's truth can be had.
        lock_step: simulated time waits for the graph.
        period_s: s between inferences, where somebody asks for another than the model's; 0 = the model's.
        latency_s: s that an answer takes here, 95 of 100 times; None = not measured.
    """

    robot: RobotProfile
    channel_name: str = ""
    is_simulation: bool = False
    lock_step: bool = False
    period_s: float = 0.0
    latency_s: float | None = None

    @property
    def channel(self) -> Channel:
        """The command channel."""
        return self.robot.channel(self.channel_name)


@dataclass(frozen=True)
class Comparison:
    """What one check has found.

    Attributes:
        same: what agrees, in words.
        faults: what does not, each with what to do.
        unknown: what cannot be judged, because model or robot does not say it.
    """

    same: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()
    unknown: tuple[str, ...] = ()


Compare = Callable[[PolicySpec, Serving], Comparison]
PREFLIGHT_CHECKS: Registry[Compare] = Registry("preflight check", "noetra_ros.policy.preflight_checks")


def joined(*parts: Comparison) -> Comparison:
    """Several comparisons as one."""
    return Comparison(
        tuple(words for part in parts for words in part.same),
        tuple(fault for part in parts for fault in part.faults),
        tuple(words for part in parts for words in part.unknown),
    )


def preflight(spec: PolicySpec, serving: Serving) -> dict[str, Comparison]:
    """What every check has found, by its name; a check that the policy gives no cause for finds nothing."""
    return {name: PREFLIGHT_CHECKS.get(name)(spec, serving) for name in PREFLIGHT_CHECKS.names()}


def preflight_faults(spec: PolicySpec, serving: Serving) -> list[Fault]:
    """All mismatches; empty when serving equals training as far as model and robot say."""
    return [fault for found in preflight(spec, serving).values() for fault in found.faults]


def require_preflight(spec: PolicySpec, serving: Serving) -> None:
    """Refuse a policy that does not fit.

    Raises:
        ConfigError: every mismatch at once.
    """
    if faults := preflight_faults(spec, serving):
        raise ConfigError(f"policy {spec.model} on robot {serving.robot.name}", faults)
