"""Check: time goes forward."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from noetra_ros.safety.check import check_registry
from noetra_ros.safety.snapshot import Snapshot
from noetra_ros.safety.verdict import Action, Verdict, passed

# Between two instants that the supervisor sees: it looks at least once a period of its channel.
HELD_UP_S = 0.25
HELD_UP_PERIODS = 3.0
PASSED: Final = passed("clock")


@dataclass(frozen=True)
class Clock:
    """Stops when the supervisor itself was held up (what waited in its queues is taken for new otherwise).
    Fault, latched, when the clock of the time-outs or the ROS clock goes backwards: every age would be
    wrong. Cannot catch a clock that stands still or runs at a wrong rate; the stamps of the streams run
    away from such a clock, and `stale` stops.
    """

    def evaluate(self, snapshot: Snapshot) -> Verdict:
        """FAULT with the size of the step."""
        step_s, ros_step_s = snapshot.clock_step_s, snapshot.ros_clock_step_s
        if not (step_s >= 0.0 and ros_step_s >= 0.0):  # NaN is not
            return _backwards(step_s, ros_step_s)
        limit_s = max(HELD_UP_S, HELD_UP_PERIODS * snapshot.limits.period_s)
        if step_s > limit_s:
            reason = f"the supervisor was held up for {step_s:.3f} s: commands that waited meanwhile are old"
            return Verdict("clock", Action.STOP, reason, 1.0, "clock", step_s, limit_s, "s")
        return PASSED


def _backwards(step_s: float, ros_step_s: float) -> Verdict:
    subject, back_s = ("ROS clock", ros_step_s) if step_s >= 0.0 else ("clock", step_s)
    reason = f"the {subject} went from one instant to the next by {back_s:.6f} s"
    return Verdict("clock", Action.FAULT, reason, 1.0, subject, back_s, 0.0, "s")


check_registry.register("clock")(Clock)
