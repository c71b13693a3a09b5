"""What was seen of one trial of a cell: instants on the monotonic clock, modes, commands, the physics."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from noetra_ros.core.types import FloatArray
from noetra_ros.evaluation.trace import PhysicsTrace

NOTHING = np.zeros(0)


@dataclass(frozen=True)
class Clocks:
    """Pairs of instants that tell simulated time by the monotonic clock.

    Attributes:
        steady_s: (k,) monotonic clock, rising.
        simulated_s: (k,) /clock heard at that instant.
    """

    steady_s: FloatArray
    simulated_s: FloatArray

    def simulated(self, steady_s: float) -> float:
        """Simulated time at an instant of the monotonic clock, s."""
        return float(np.interp(steady_s, self.steady_s, self.simulated_s))


@dataclass(frozen=True)
class Trial:
    """One fault, done once to a robot in motion. Instants are s of the monotonic clock.

    Attributes:
        trace: what the physics did; None = it died with its process.
        clocks: from those instants to the trace's own time.
        injected_s: when the fault began.
        undone_s: when it ended.
        ended_s: end of the watch; what comes later is not judged.
        modes: instant and name of each mode that the supervisor told, first the one at `injected_s`.
        commands_s: (k,) arrivals on the controller's own topic.
        arming: what the supervisor said to arming while the fault was there; empty = it was not asked, or
            agreed.
        is_armed_in_fault: it agreed to arm while the fault was there.
        reset_refusal: what it said to a reset after the fault; empty = agreed, or not asked.
        died: nodes that ended and were not killed on purpose.
        silent: inputs that were too old though nobody made them so.
    """

    trace: PhysicsTrace | None
    clocks: Clocks
    injected_s: float
    undone_s: float
    ended_s: float
    modes: tuple[tuple[float, str], ...]
    commands_s: FloatArray = field(default_factory=lambda: NOTHING)
    arming: str = ""
    is_armed_in_fault: bool = False
    reset_refusal: str = ""
    died: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()

    def mode_at(self, at_s: float) -> str:
        """Mode in force at an instant."""
        return next((mode for told_s, mode in reversed(self.modes) if told_s <= at_s), "unknown")

    @property
    def held_up_s(self) -> float:
        """Longest time without /clock while the fault was there: the machine was busy with something else."""
        heard_s = self.clocks.steady_s
        inside = heard_s[(heard_s > self.injected_s) & (heard_s < self.undone_s)]
        return float(np.diff(inside).max()) if len(inside) > 1 else 0.0

    def modes_within(self, begin_s: float, end_s: float) -> list[tuple[float, str]]:
        """Modes that were told after one instant, up to another."""
        return [(told_s, mode) for told_s, mode in self.modes if begin_s < told_s <= end_s]

    def rows(self, begin_s: float, end_s: float) -> slice:
        """Steps of the trace between two instants."""
        assert self.trace is not None, "callers look first"
        edges = [self.clocks.simulated(begin_s), self.clocks.simulated(end_s)]
        first, last = np.searchsorted(self.trace.time_s, edges, side="left").tolist()
        return slice(first, max(last, first))
