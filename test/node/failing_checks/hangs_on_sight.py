"""Check for tests: hangs over a command that lifts the first joint above 0.05 rad, and lets it pass."""

import time
from dataclasses import dataclass

from noetra_ros.safety.check import check_registry
from noetra_ros.safety.snapshot import Snapshot
from noetra_ros.safety.verdict import Verdict, passed


@check_registry.register("hangs_on_sight")
@dataclass(frozen=True)
class HangsOnSight:
    """Takes its time."""

    def evaluate(self, snapshot: Snapshot) -> Verdict:
        if snapshot.wanted is not None and snapshot.wanted[0] > 0.05:
            time.sleep(0.4)
        return passed("hangs_on_sight")
