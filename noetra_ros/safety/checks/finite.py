"""Check: every value of a command is a number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from noetra_ros.core.types import FloatArray
from noetra_ros.safety.all_axes import is_each_finite
from noetra_ros.safety.check import check_registry
from noetra_ros.safety.snapshot import Snapshot
from noetra_ros.safety.verdict import Action, Verdict, passed

PASSED: Final = passed("finite")


@dataclass(frozen=True)
class Finite:
    """Stops when a command holds NaN or infinity. Cannot catch finite nonsense: other checks bound that."""

    def evaluate(self, snapshot: Snapshot) -> Verdict:
        """STOP with the first value that is not a number as subject."""
        command = snapshot.command
        if command is None or is_each_finite(_values(command)):
            return PASSED
        index = int(np.argmin(np.isfinite(command)))
        names = snapshot.limits.names
        subject = names[index] if index < len(names) else f"value {index}"
        value = float(command[index])
        return Verdict(
            "finite", Action.STOP, f"command of {subject} is {value}, not a number", 1.0, subject, value
        )


def _values(command: FloatArray) -> list[float]:
    values: list[float] = (command if command.ndim == 1 else command.ravel()).tolist()
    return values


check_registry.register("finite")(Finite)
