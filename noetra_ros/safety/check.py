"""What a check is, and how the configured ones are found and built."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from noetra_ros.core.config import load
from noetra_ros.core.errors import ConfigError, Fault
from noetra_ros.core.registry import Registry
from noetra_ros.safety.limits import ChannelLimits
from noetra_ros.safety.snapshot import Snapshot
from noetra_ros.safety.verdict import Verdict


class Check(Protocol):
    """A frozen dataclass whose fields are its settings (made by `core.config.setting`, thresholds without
    default).

    A check that can judge only some channels says so by `unmet(limits) -> str`: why it cannot, empty = it
    can. One whose STOP is no reason not to arm, because it holds an armed robot until its cause goes, says so
    by `may_be_armed_against = True`.
    """

    def evaluate(self, snapshot: Snapshot) -> Verdict:
        """Judge one instant. Pure: no state, no clock, no change of the snapshot."""
        ...


check_registry: Registry[type[Check]] = Registry("safety check", "noetra_ros.safety.checks")


@dataclasses.dataclass(frozen=True)
class ActiveChecks:
    """The checks that run, by name, and those that cannot judge this channel, with the reason."""

    running: Mapping[str, Check]
    unmet: Mapping[str, str]


def build_checks(names: Sequence[str], values: Mapping[str, Any], limits: ChannelLimits) -> ActiveChecks:
    """Build the configured checks.

    Args:
        names: registered names; at least one of them must be able to judge the channel.
        values: settings by field name; each check takes those that it has a field for.
        limits: limits of the channel.

    Raises:
        ConfigError: an empty list, unknown names, missing or wrong settings: every fault at once.
    """
    faults: list[Fault] = []
    running: dict[str, Check] = {}
    unmet: dict[str, str] = {}
    for name in names:
        try:
            check = _build(name, values)
        except ConfigError as error:
            faults.extend(error.faults)
            continue
        reason = check.unmet(limits) if hasattr(check, "unmet") else ""
        if reason:
            unmet[name] = reason
        else:
            running[name] = check
    if len(set(names)) != len(names):
        faults.append(Fault("checks", ", ".join(names), "each name once"))
    if not faults and not running:
        faults.append(
            Fault("checks", "none that can judge this channel", "at least one", "see config/supervisor.yaml")
        )
    if faults:
        raise ConfigError("safety checks", faults)
    return ActiveChecks(running, unmet)


def settings_of(name: str) -> list[str]:
    """Names of the settings of a check."""
    kind: Any = check_registry.get(name)
    return [field.name for field in dataclasses.fields(kind)]


def _build(name: str, values: Mapping[str, Any]) -> Check:
    """Raises ConfigError with the faults of this check, keyed by its name."""
    kind: Any = check_registry.get(name)
    own = {field.name: values[field.name] for field in dataclasses.fields(kind) if field.name in values}
    try:
        check: Check = load(kind, own, f"safety check {name}")
    except ConfigError as error:
        raise ConfigError(
            error.source, [dataclasses.replace(f, key=f"{name}: {f.key}") for f in error.faults]
        ) from None
    return check
