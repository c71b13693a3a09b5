"""Check: commands and the robot's state streams keep coming."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from noetra_ros.core.config import setting
from noetra_ros.safety.check import check_registry
from noetra_ros.safety.snapshot import Snapshot
from noetra_ros.safety.verdict import Action, Verdict, passed

# No stream is that old: its stamps count from another beginning (simulated time 0, or the year 1970).
OTHER_CLOCK_S = 1e6
PASSED: Final = passed("stale")


@dataclass(frozen=True)
class Stale:
    """Stops when no command came for `command_timeout_s` while armed, or a stream of the profile is older
    than its `max_age_s`, or stamped as far ahead of our clock (which then stands still), or was never seen.
    During a whole trajectory, and at rest after it, no command is missing: heartbeats tell whether its source
    lives. Cannot catch a source that repeats old content under new messages.
    """

    command_timeout_s: float = setting(
        "s",
        "no command for this long while armed, nor a whole trajectory instead: controlled stop",
        minimum=0.001,
        maximum=10.0,
    )

    def evaluate(self, snapshot: Snapshot) -> Verdict:
        """STOP with the stream, or the command, that is missing."""
        for stream, limit_s in snapshot.limits.stream_max_age_s.items():
            age_s = snapshot.stream_age_s.get(stream, float("nan"))
            if not age_s <= limit_s:  # NaN: never seen
                reason = (
                    f"{stream} is {age_s:.3f} s old, or stamped as far ahead of our clock: limit {limit_s} s"
                    if age_s > limit_s
                    else f"{stream} was never seen"
                )
                if age_s > OTHER_CLOCK_S:
                    reason += "; its stamps are of another clock: is use_sim_time right?"
                return Verdict("stale", Action.STOP, reason, 1.0, stream, age_s, limit_s, "s")
        age_s = snapshot.command_age_s
        is_awaited = snapshot.is_armed and snapshot.is_command_awaited
        if is_awaited and not age_s <= self.command_timeout_s:
            reason = f"no command for {age_s:.3f} s, more than {self.command_timeout_s} s"
            return Verdict("stale", Action.STOP, reason, 1.0, "command", age_s, self.command_timeout_s, "s")
        return PASSED


check_registry.register("stale")(Stale)
