"""Check: perception speaks, is young enough, and trusts its sensors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from noetra_ros.core.errors import ConfigError, Fault
from noetra_ros.core.obstacles import ObstacleScene, SensorReport, SensorVerdict
from noetra_ros.safety.check import check_registry
from noetra_ros.safety.limits import ChannelLimits
from noetra_ros.safety.people_settings import PerceptionSettings
from noetra_ros.safety.snapshot import Snapshot
from noetra_ros.safety.verdict import Action, Verdict, passed

# warn: told on safety/event, nothing is changed.
ACTIONS = {"warn": Action.CLAMP, "slow": Action.SLOW, "stop": Action.STOP}
# A stamp may lie this far ahead of our clock: two machines that are kept in step.
AHEAD_S = 0.02
PASSED: Final = passed("perception")


@dataclass(frozen=True, kw_only=True)
class Perception(PerceptionSettings):
    """Stops when perception/obstacles was never heard, is older than `max_scene_age_s`, comes from the
    future, cannot be read, is told in another frame or reports on no sensor; does what `sensor_reactions`
    declares for a sensor that is not OK: what it does not show counts as occupied. Cannot catch a person
    outside every field of view, nor a sensor that lies and is reported OK.
    """

    def __post_init__(self) -> None:
        faults = _faults(self.sensor_reactions)
        if faults:
            raise ConfigError("sensor_reactions", faults)

    def unmet(self, limits: ChannelLimits) -> str:
        """It needs perception."""
        words = "watch_people and watch_obstacles are off: no perception is listened to"
        return "" if limits.hears_perception else words

    def evaluate(self, snapshot: Snapshot) -> Verdict:
        """STOP for a scene that cannot be used; else the worst declared reaction to a sensor."""
        scene, age_s = snapshot.scene, snapshot.scene_age_s
        if not snapshot.limits.hears_perception:
            return PASSED
        if snapshot.scene_fault:
            return _stop(f"perception cannot be read: {snapshot.scene_fault}")
        if scene is None:
            return _stop("perception was never heard")
        if scene.frame != snapshot.limits.perception_frame:
            expected = repr(snapshot.limits.perception_frame)
            return _stop(f"perception is told in the frame {scene.frame!r}, expected {expected}")
        if not age_s <= self.max_scene_age_s:
            return _stop(f"perception is {age_s:.3f} s old", "scene", age_s, self.max_scene_age_s)
        if age_s < -AHEAD_S:
            return _stop(f"perception is stamped {-age_s:.3f} s ahead of our clock", "scene", age_s, -AHEAD_S)
        return self._sensors(scene)

    def _sensors(self, scene: ObstacleScene) -> Verdict:
        if not scene.sensors:
            return _stop("perception reports on no sensor")
        reactions = _parsed(self.sensor_reactions)
        faulty = [report for report in scene.sensors if report.verdict is not SensorVerdict.OK]
        if not faulty:
            return PASSED
        worst = max(faulty, key=lambda report: ACTIONS[reactions[_key(report)]])
        action = ACTIONS[reactions[_key(worst)]]
        scale = {Action.SLOW: self.sensor_slow_scale, Action.STOP: 0.0}.get(action, 1.0)
        detail = f" ({worst.detail})" if worst.detail else ""
        reason = f"sensor {worst.sensor} is {_key(worst)}{detail}"
        return Verdict("perception", action, reason, scale, worst.sensor)


def _stop(
    reason: str, subject: str = "scene", measured: float = float("nan"), limit: float = float("nan")
) -> Verdict:
    return Verdict("perception", Action.STOP, reason, 0.0, subject, measured, limit, "s")


def _key(report: SensorReport) -> str:
    return report.verdict.name.lower()


def _parsed(entries: tuple[str, ...]) -> dict[str, str]:
    """Reaction by verdict."""
    return {name.strip(): word.strip() for name, _, word in (entry.partition("=") for entry in entries)}


def _faults(entries: tuple[str, ...]) -> list[Fault]:
    wanted = [verdict.name.lower() for verdict in SensorVerdict if verdict is not SensorVerdict.OK]
    given = _parsed(entries)
    words = ", ".join(ACTIONS)
    faults = [
        Fault("sensor_reactions", f"nothing for {name}", f"{name}=one of {words}")
        for name in wanted
        if name not in given
    ]
    for name, word in given.items():
        if name not in wanted:
            faults.append(Fault("sensor_reactions", repr(name), f"one of {', '.join(wanted)}"))
        elif word not in ACTIONS:
            faults.append(Fault("sensor_reactions", f"{name}={word}", f"{name}=one of {words}"))
    return faults


check_registry.register("perception")(Perception)
