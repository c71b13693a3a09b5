"""The supervisor of one channel, or of several together, from a robot profile and settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from noetra_ros.core.errors import single_fault
from noetra_ros.core.types import CommandKind
from noetra_ros.robots.profile import Channel, RobotProfile
from noetra_ros.safety.capping import capped
from noetra_ros.safety.check import build_checks
from noetra_ros.safety.checks.together import NAME
from noetra_ros.safety.gated_together import GatedTogether
from noetra_ros.safety.limits import channel_limits
from noetra_ros.safety.projection.projection import build_projection
from noetra_ros.safety.settings import SupervisorSettings, check_values, without_blanks
from noetra_ros.safety.supervisor import Supervisor


@dataclass(frozen=True)
class Assembly:
    """A supervisor (of one channel, or of all that are gated together), and what people should know of it.

    Attributes:
        supervisor: it.
        unmet: why a configured check cannot judge this channel and is left out, by its name.
        unwatched: what the barriers cannot watch.
    """

    supervisor: Supervisor
    unmet: Mapping[str, str]
    unwatched: tuple[str, ...]


def assemble(profile: RobotProfile, channel: Channel, settings: SupervisorSettings) -> Assembly:
    """Build the supervisor of one channel.

    Args:
        profile: robot.
        channel: of it.
        settings: thresholds, checks and barriers.

    Raises:
        ConfigError: what is wrong in any of them.
    """
    watches = settings.watch_people, settings.watch_obstacles
    limits = channel_limits(profile, channel, *watches)
    limits = capped(limits, settings, settings.tool_speed_mps)
    checks = build_checks(without_blanks(settings.checks), check_values(settings), limits)
    projection = build_projection(without_blanks(settings.barriers), profile, channel, limits, settings)
    supervisor = Supervisor(limits, checks.running, settings, projection)
    return Assembly(supervisor, checks.unmet, projection.left_out if projection else ())


def assemble_together(
    profile: RobotProfile, names: Sequence[str], settings: SupervisorSettings
) -> tuple[GatedTogether, dict[str, Assembly]]:
    """Build the supervisor of channels that are gated together, and what there is to know of each.

    People are watched by the channel of the arm: it stops the base, too. What is on the ground of the base is
    watched by the channel of the base.

    Args:
        profile: robot.
        names: of the channels; the first one is the one that commands without a name are for.
        settings: thresholds, checks and barriers.

    Raises:
        ConfigError: what is wrong in any of them; `together` is not among the checks.
    """
    if NAME not in settings.checks:
        expected = f"{NAME}: the profile gates {', '.join(names)} together"
        raise single_fault("supervisor", "checks", ", ".join(settings.checks), expected)
    parts = {}
    for name in names:
        channel = profile.channels[name]
        has_links, is_base = (channel.kind is k for k in (CommandKind.JOINT_POSITION, CommandKind.BASE_TWIST))
        people, obstacles = settings.watch_people and has_links, settings.watch_obstacles and is_base
        own = replace(settings, watch_people=people, watch_obstacles=obstacles)
        parts[name] = assemble(profile, channel, own)
    watching = any(part.supervisor.limits.obstacle_frame for part in parts.values())
    if settings.watch_obstacles and not watching:
        expected = f"false: none of {', '.join(names)} is a base"
        raise single_fault("supervisor", "watch_obstacles", "true", expected)
    return GatedTogether({name: part.supervisor for name, part in parts.items()}), parts
