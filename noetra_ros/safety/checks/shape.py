"""Check: a command has the kind, the number of values and the names that the channel takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from noetra_ros.safety.check import check_registry
from noetra_ros.safety.naming import is_own_frame
from noetra_ros.safety.snapshot import Snapshot
from noetra_ros.safety.verdict import Action, Verdict, passed

PASSED: Final = passed("shape")


@dataclass(frozen=True)
class Shape:
    """Stops on a command of another kind, another length, with other joint names or order, or in another
    frame than the twists of the channel.

    Whole trajectories of joint positions are judged before they start and come here point by point; on other
    channels several points are a command of several times the length, and refused here. Cannot catch values
    in the wrong order in messages that carry no names.
    """

    def evaluate(self, snapshot: Snapshot) -> Verdict:
        """STOP with what arrived against what the channel takes."""
        command, limits = snapshot.command, snapshot.limits
        if command is None:
            return PASSED
        if snapshot.command_kind is not limits.kind:
            got = snapshot.command_kind.value if snapshot.command_kind else "nothing"
            return Verdict("shape", Action.STOP, f"command is a {got}, the channel takes {limits.kind.value}")
        wanted, got_count = len(limits.axes), command.size
        if command.ndim != 1 or got_count != wanted:
            several = " (one point at a time)" if got_count > wanted and got_count % wanted == 0 else ""
            takes = f"the channel takes {wanted} ({', '.join(limits.names)}){several}"
            reason = f"command has {got_count} values, {takes}"
            return Verdict(
                "shape", Action.STOP, reason, measured=float(got_count), limit=float(wanted), unit="1"
            )
        if snapshot.command_names and snapshot.command_names != limits.names:
            got_names = ", ".join(snapshot.command_names)
            return Verdict(
                "shape",
                Action.STOP,
                f"command names {got_names}, the channel takes {', '.join(limits.names)}",
            )
        if not is_own_frame(snapshot.command_frame, limits):
            reason = f"command is told in the frame {snapshot.command_frame!r}, expected {limits.frame!r}"
            return Verdict("shape", Action.STOP, reason)
        if snapshot.command_efforts is not None and limits.effort is None:
            return Verdict("shape", Action.STOP, "command asks for an effort, the channel carries none")
        return PASSED


check_registry.register("shape")(Shape)
