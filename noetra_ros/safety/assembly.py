"""The supervisor of one channel from a robot profile and settings, for the node and for a replay alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from noetra_ros.robots.profile import Channel, RobotProfile
from noetra_ros.safety.capping import capped
from noetra_ros.safety.check import build_checks
from noetra_ros.safety.limits import channel_limits
from noetra_ros.safety.projection.projection import build_projection
from noetra_ros.safety.settings import SupervisorSettings, check_values, without_blanks
from noetra_ros.safety.supervisor import Supervisor


@dataclass(frozen=True)
class Assembly:
    """A supervisor, and what people should know of it.

    Attributes:
        supervisor: it.
        unmet: why a configured check cannot judge this channel and is left out, by its name.
        unwatched: what the barriers cannot watch.
    """

    supervisor: Supervisor
    unmet: Mapping[str, str]
    unwatched: tuple[str, ...]


def assemble(profile: RobotProfile, channel: Channel, settings: SupervisorSettings) -> Assembly:
    """Build the supervisor.

    Args:
        profile: robot.
        channel: of it.
        settings: thresholds, checks and barriers.

    Raises:
        ConfigError: what is wrong in any of them.
    """
    limits = capped(channel_limits(profile, channel, settings.watch_people), settings)
    checks = build_checks(without_blanks(settings.checks), check_values(settings), limits)
    projection = build_projection(without_blanks(settings.barriers), profile, channel, limits, settings)
    supervisor = Supervisor(limits, checks.running, settings, projection)
    return Assembly(supervisor, checks.unmet, projection.left_out if projection else ())
