"""Phases of a bring-up as settings of the supervisor: nothing here loosens what the settings say."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeVar

from noetra_ros.core.config import setting
from noetra_ros.core.errors import single_fault
from noetra_ros.core.phases import PHASES, SENDING
from noetra_ros.safety.settings import SupervisorSettings, without_blanks

Settings = TypeVar("Settings", bound=SupervisorSettings)

SLOW_SHARE = 0.25  # of the profile's speeds; the tool also keeps to reduced_speed_mps (ISO 10218: 0.25 m/s)
# They ask what the robot does with what is sent. Where nothing is sent the robot rightly does something else,
# and a person may well command it.
ASK_WHAT_IS_SENT = ("tracking_error", "sole_writer")


@dataclass(frozen=True, kw_only=True)
class PhaseSettings:
    """How far the bring-up is.

    The default is full: the shipped robots are simulated, and who remaps the supervisor into a running cell
    expects it to pass commands on. A new profile is held back by itself: `noetra robot new` writes
    released_for dry_run into it.
    """

    phase: str = setting(
        description="of the bring-up. dry_run: commands are judged and shown on safety/shown, none is sent; "
        "shadow: the same, and compared with how a person moves the robot; slow: sent, at reduced speed; "
        "full. The profile's released_for holds a real robot back, too. Raised by a restart only",
        choices=PHASES,
        default="full",
    )


def in_phase(settings: Settings, phase: str) -> Settings:
    """The settings of a phase, each at least as strict as before.

    Raises:
        ConfigError: no check is left.
    """
    if phase == "slow":
        return replace(
            settings,
            speed_share=min(settings.speed_share, SLOW_SHARE),
            reduced_speed=True,
            reduced_speed_stays=True,
            checks=tuple(dict.fromkeys((*settings.checks, "reduced_speed"))),
        )
    if phase in SENDING:
        return settings
    left = tuple(name for name in settings.checks if name not in ASK_WHAT_IS_SENT)
    if not without_blanks(left):
        raise single_fault("supervisor", "checks", "none that judges without a robot", "some")
    return replace(settings, checks=left)
