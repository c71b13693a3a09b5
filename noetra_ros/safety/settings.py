"""Settings of the supervisor. Safety thresholds have no default: config/supervisor.yaml gives them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from noetra_ros.core.config import load, read_yaml, setting
from noetra_ros.core.errors import ConfigError, Fault, single_fault
from noetra_ros.core.resources import share_folder
from noetra_ros.safety.barrier_settings import BarrierSettings
from noetra_ros.safety.base_settings import FootprintSettings
from noetra_ros.safety.limit_settings import LimitSettings
from noetra_ros.safety.people_settings import PeopleSettings

NEEDED_FOR_PEOPLE = ("perception", "separation")
NEEDED_FOR_OBSTACLES = ("perception", "footprint")


@dataclass(frozen=True, kw_only=True)
class SupervisorSettings(PeopleSettings, FootprintSettings, BarrierSettings, LimitSettings):
    """What the supervisor and its checks are set to; the supervisor node declares these as parameters."""

    checks: tuple[str, ...] = setting(
        description="names of the checks that run, files of noetra_ros/safety/checks"
    )
    barriers: tuple[str, ...] = setting(
        description="what motion is held against (the nearest that keeps it is sent), files of "
        "noetra_ros/safety/barriers; empty = nothing"
    )
    command_timeout_s: float = setting(
        "s",
        "no command for this long while armed, nor a whole trajectory instead: controlled stop",
        minimum=0.001,
        maximum=10.0,
    )
    heartbeat_sources: tuple[str, ...] = setting(
        description="node names that must be heard on the topic heartbeat; empty = none is watched"
    )
    heartbeat_timeout_s: float = setting(
        "s", "a source not heard for this long: controlled stop", minimum=0.001, maximum=10.0
    )
    estop_sources: tuple[str, ...] = setting(
        description="e-stop sources beside topic and service estop, each KIND:ADDRESS (kinds: files of "
        "noetra_ros/ros/estop_sources); each has to be heard all the time; empty = none"
    )
    estop_timeout_s: float = setting(
        "s", "an e-stop source not heard for this long counts as pressed", minimum=0.01, maximum=10.0
    )
    tracking_slow_share: float = setting(
        "1", "share of the tracking error limit from which motion slows down", minimum=0.0, maximum=1.0
    )
    max_lead_periods: float = setting(
        "1", "periods of the channel by which commands may run ahead of real time", minimum=0.5, maximum=5.0
    )
    bridge_after_periods: float = setting(
        "1",
        "no command for this many periods: the supervisor itself goes on to a command that it had clamped, "
        "or brakes a joint motion, until the next command",
        minimum=1.5,
        maximum=50.0,
    )
    resume_after_s: float = setting(
        "s", "a protective stop ends when its cause has been gone for this long", minimum=0.0, maximum=60.0
    )
    check_settings: tuple[str, ...] = setting(
        description="settings of your own checks, each as name=value", default=()
    )

    def __post_init__(self) -> None:
        self._require(NEEDED_FOR_PEOPLE if self.watch_people else (), "watch_people")
        self._require(NEEDED_FOR_OBSTACLES if self.watch_obstacles else (), "watch_obstacles")
        if without_blanks(self.estop_sources) and not {"estop", "estop_chain"} <= set(self.checks):
            remedy = "add them, or leave estop_sources empty"
            raise single_fault(
                "supervisor",
                "checks",
                "estop_sources without the checks that read them",
                "estop, estop_chain",
                remedy,
            )

    def _require(self, checks: tuple[str, ...], switch: str) -> None:
        """Who turns a watch on wants the checks that do it."""
        lacking = [name for name in checks if name not in self.checks]
        if lacking:
            found, remedy = f"no {', '.join(lacking)}", f"add them, or set {switch} to false"
            raise single_fault("supervisor", "checks", found, f"them, for {switch}", remedy)


def shipped_settings(**changes: Any) -> SupervisorSettings:
    """As config/supervisor.yaml gives them, with some changed."""
    (node,) = read_yaml(share_folder() / "config" / "supervisor.yaml").values()
    return load(SupervisorSettings, {**node["ros__parameters"], **changes}, "config/supervisor.yaml")


def check_values(settings: SupervisorSettings) -> dict[str, Any]:
    """Settings by field name, for the checks to take theirs from.

    Raises:
        ConfigError: an entry of `check_settings` that is not name=value.
    """
    values = dict(vars(settings))
    for name in ("heartbeat_sources", "estop_sources"):
        values[name] = without_blanks(values[name])
    values.update(_parse(without_blanks(settings.check_settings)))
    return values


def without_blanks(words: Sequence[str]) -> tuple[str, ...]:
    """ROS parameter files cannot hold an empty list; [""] stands for it."""
    return tuple(word for word in words if word)


def _parse(entries: Sequence[str]) -> Mapping[str, Any]:
    values: dict[str, Any] = {}
    faults = []
    for i, entry in enumerate(entries):
        name, separator, text = entry.partition("=")
        if not separator or not name.isidentifier():
            faults.append(Fault(f"check_settings[{i}]", repr(entry), "name=value"))
            continue
        values[name] = yaml.safe_load(text)
    if faults:
        raise ConfigError("supervisor settings", faults)
    return values
