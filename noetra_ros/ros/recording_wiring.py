"""The supervisor node's recording for `noetra replay`: its parameters, its start, what is told of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from noetra_ros.core.config import setting
from noetra_ros.core.errors import single_fault
from noetra_ros.robots.profile import RobotProfile
from noetra_ros.ros.recording_thread import RecordingThread
from noetra_ros.safety.replay.header import set_up
from noetra_ros.safety.settings import SupervisorSettings


@dataclass(frozen=True, kw_only=True)
class RecordingSettings:
    """Parameters of the recording."""

    replay_path: str = setting(
        description="folder of recorded calls to the supervisor's core, for noetra replay; empty = none. "
        "Nothing waits for it, and what cannot be written is lost and told",
        default="",
    )
    replay_max_bytes: int = setting(
        "byte",
        "of all these files together, the oldest go first; an arm at 100 Hz needs 20 to 80 MB an hour",
        default=1_000_000_000,
        minimum=1_000_000,
    )


def open_recording(
    given: RecordingSettings, robot: str, profile: RobotProfile, channel: str, settings: SupervisorSettings
) -> RecordingThread | None:
    """Where the calls go; None = they are not recorded.

    Args:
        given: parameters.
        robot: name of the profile, or its file.
        profile: as it was loaded from there.
        channel: name; empty = the default one.
        settings: as the supervisor has them.

    Raises:
        ConfigError: the folder cannot be made.
    """
    if not given.replay_path:
        return None
    made_of = set_up(robot, profile, channel, settings)
    try:
        return RecordingThread(Path(given.replay_path), made_of, given.replay_max_bytes)
    except OSError as error:
        raise single_fault(
            "supervisor", "replay_path", str(error), "a folder that can be written to"
        ) from None


def words_of(recording: RecordingThread | None) -> str:
    """How it goes, for diagnostics."""
    if recording is None:
        return "off"
    counts = f"{recording.calls} calls, {recording.lost} lost"
    return f"{counts}; {recording.fault}" if recording.fault else counts
