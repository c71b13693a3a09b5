"""Check for tests: raises as soon as a command lifts the first joint above 0.05 rad."""

from dataclasses import dataclass

from noetra_ros.safety.check import check_registry
from noetra_ros.safety.snapshot import Snapshot
from noetra_ros.safety.verdict import Verdict, passed


@check_registry.register("fails_on_sight")
@dataclass(frozen=True)
class FailsOnSight:
    """Raises; cannot do anything else."""

    def evaluate(self, snapshot: Snapshot) -> Verdict:
        if snapshot.wanted is not None and snapshot.wanted[0] > 0.05:
            raise RuntimeError("this check is broken")
        return passed("fails_on_sight")
