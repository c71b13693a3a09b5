"""Everything that the oracles say of one episode, as its record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from noetra_ros.evaluation.limits import AxisLimits, limits_of
from noetra_ros.evaluation.oracle import judge_limits, peaks
from noetra_ros.evaluation.stop_oracle import StopWindow, judge_stops
from noetra_ros.evaluation.trace import PhysicsTrace
from noetra_ros.evaluation.violations import LIMIT_KINDS, STOP_KINDS, Violation, ViolationKind, count
from noetra_ros.robots.profile import RobotProfile

# Modes in which the supervisor has declared that the robot stands.
STOPPED_MODES = ("startup", "standby", "protective_stop", "emergency_stop", "fault")


@dataclass(frozen=True)
class PhysicsVerdict:
    """What the oracle found in the physics of one episode; the fields are those of `EpisodeRecord`."""

    violations: tuple[Violation, ...]
    contact_impacts: int
    limit_violations: int
    commands_after_stop: int
    position_peak: float
    velocity_peak: float
    acceleration_peak: float


class PhysicsJudge:
    """Judges traces of one robot.

    Args:
        profile: whose limits count.
    """

    def __init__(self, profile: RobotProfile) -> None:
        self.limits: AxisLimits = limits_of(profile)

    def judge(self, trace: PhysicsTrace, stops: Sequence[StopWindow]) -> PhysicsVerdict:
        """Hold a trace against the limits and the declared stops."""
        found = [*judge_limits(trace, self.limits), *judge_stops(trace, self.limits, stops)]
        largest = peaks(trace, self.limits)
        return PhysicsVerdict(
            violations=tuple(found),
            contact_impacts=count(found, (ViolationKind.CONTACT_IMPACT,)),
            limit_violations=count(found, LIMIT_KINDS),
            commands_after_stop=count(found, STOP_KINDS),
            position_peak=largest.position,
            velocity_peak=largest.velocity,
            acceleration_peak=largest.acceleration,
        )


def stop_windows(modes: Sequence[tuple[float, str]], end_s: float) -> list[StopWindow]:
    """The times in which the supervisor had declared a stop, from its mode reports.

    Args:
        modes: simulated s and mode of each change.
        end_s: end of the trace.
    """
    windows: list[StopWindow] = []
    for (start_s, mode), (until_s, _) in zip(modes, [*modes[1:], (end_s, "")], strict=True):
        if mode not in STOPPED_MODES:
            continue
        if windows and windows[-1].end_s == start_s:  # a stop that only changed its name goes on
            windows[-1] = StopWindow(windows[-1].cause, windows[-1].start_s, until_s)
        else:
            windows.append(StopWindow(mode.replace("_", " "), start_s, until_s))
    return windows
