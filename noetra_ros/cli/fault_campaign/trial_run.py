"""One trial: the robot moves, a fault begins, is watched, ends; what the robot does then is watched, too."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from noetra_ros.cli.fault_campaign.injection import INJECTIONS, FailureSettings
from noetra_ros.cli.fault_campaign.node_fault import NODE_FAULTS
from noetra_ros.cli.fault_campaign.rig import FaultRig
from noetra_ros.cli.graph_session import GraphError
from noetra_ros.evaluation.faults.oracle import rest_after_s
from noetra_ros.evaluation.faults.plan import Cell, Then
from noetra_ros.evaluation.faults.trial import Trial
from noetra_ros.evaluation.limits import AxisLimits
from noetra_ros.evaluation.trace import PhysicsTrace, read_trace
from noetra_ros.ros import interfaces

PASSING, LATCHED = ("active", "slowed"), ("emergency_stop", "fault")
# s after arming until the motion is at its full size; more of it by seed.
MOVING_S, PHASES_S = 1.1, (0.0, 0.5, 1.0, 0.25)
WATCH_S = 0.3  # beyond the time in which rest is due
STILL_S = 0.5  # for which a latched robot is watched before a reset, and after it
MOVES_AGAIN_S = 0.8
COMES_BACK_S = 30.0  # a process that is started again loads its libraries first
JOINS_S = 4.0  # until a process that nobody waits for is on the graph again
STANDBY_S = 20.0
ARM_S = 30.0  # a supervisor that was killed is known to others for 20 s


class Doing:
    """A fault that can be switched on and off: of an input or of a node.

    Args:
        rig: the running graph.
        cell: what is tried.
        seed: chooses one of several ways.
    """

    def __init__(self, rig: FaultRig, cell: Cell, seed: int) -> None:
        self._rig, self._cell, self._seed = rig, cell, seed
        self._node_fault = None if cell.is_input else NODE_FAULTS.get(cell.fault)()

    def begin(self) -> None:
        """The fault comes."""
        if self._node_fault is not None:
            self._node_fault.do(self._rig, self._cell.subject)
            return
        one, relay = self._rig.input(self._cell.subject)
        settings = FailureSettings(self._cell.freshness_s, self._seed)
        relay.fail(INJECTIONS.get(self._cell.fault)(settings), one.concerns)

    def end(self) -> None:
        """The fault goes."""
        if self._node_fault is not None:
            self._node_fault.undo(self._rig, self._cell.subject)
        else:
            self._rig.input(self._cell.subject)[1].heal()


def run_trial(
    rig: FaultRig, cell: Cell, seed: int, limits: AxisLimits, freshness_s: Mapping[str, float]
) -> Trial:
    """Do one trial on a running graph; it is left in standby, unless a node is gone.

    Args:
        rig: the graph.
        cell: what is tried.
        seed: phase of the motion, and one of several ways to fail.
        limits: of the robot; they say how long a stop may take.
        freshness_s: age at which each input counts as old.

    Raises:
        GraphError: a node has ended that should not, or does not answer.
    """
    path = rig.folder / f"{cell.name.replace('/', '-')}-{seed}.npz"
    begin_moving(rig, path, seed)
    doing = Doing(rig, cell, seed)
    injected_s = time.monotonic()
    doing.begin()
    try:
        rig.watch(rest_after_s(cell.within_s, limits) + WATCH_S)
        undone_s = time.monotonic()
    finally:
        doing.end()
    refusal = _see_after(rig, cell)
    seen = Trial(
        trace=None,
        clocks=rig.clocks,
        injected_s=injected_s,
        undone_s=undone_s,
        ended_s=time.monotonic(),
        modes=rig.modes,
        commands_s=rig.commands_s,
        reset_refusal=refusal,
        silent=rig.silent_inputs(freshness_s, cell.subject),
    )
    if cell.plan.then is Then.GONE:
        return replace(seen, trace=_finish(rig, path))
    stand_by(rig)
    if cell.plan.arming:
        is_armed, words = _try_arming(rig, cell, seed)
        seen = replace(seen, is_armed_in_fault=is_armed, arming=words)
    return replace(seen, trace=_finish(rig, path))


def begin_moving(rig: FaultRig, path: Path, seed: int) -> None:
    """A fresh world that is recorded; armed, and moving for a while.

    Raises:
        GraphError: it cannot be armed, or does not move.
    """
    stand_by(rig)
    rig.watch(rig.braking_s)  # a stop that is under way would reach the robot in its new place
    stand_by(rig)  # reading the trial before silenced our own e-stop source; that it latched is heard by now
    path.unlink(missing_ok=True)
    rig.session.reset_world(0, "", "none", str(path))
    rig.watch(0.2)
    end_s = time.monotonic() + ARM_S
    while not (answer := rig.call(interfaces.ARM))[0]:
        if time.monotonic() > end_s:
            raise GraphError(f"the supervisor refused to arm: {answer[1]}")
        rig.watch(0.1)
    rig.forget()
    rig.watch(MOVING_S + PHASES_S[seed % len(PHASES_S)])
    if rig.mode not in PASSING and not rig.wait_mode(PASSING, COMES_BACK_S):
        raise GraphError(f"the robot was armed and does not move: {rig.mode}")


def stand_by(rig: FaultRig) -> None:
    """In STANDBY, nothing latched.

    Raises:
        GraphError: it does not get there.
    """
    end_s = time.monotonic() + STANDBY_S
    while rig.mode != "standby":
        if rig.mode in LATCHED:
            rig.call(interfaces.RESET)
        elif rig.mode != "startup":
            rig.call(interfaces.DISARM)
        rig.wait_mode(("standby",), 1.0)
        if time.monotonic() > end_s:
            raise GraphError(f"the supervisor does not get to standby: {rig.mode}")


def _see_after(rig: FaultRig, cell: Cell) -> str:
    """What the robot does once the fault is gone; gives why a reset was refused, empty = it was not."""
    then = cell.plan.then
    if then is Then.GOES_ON:
        if rig.mode in PASSING and cell.subject in rig.tolerated:
            rig.watch(JOINS_S)
        if rig.mode in PASSING or rig.wait_mode(PASSING, COMES_BACK_S):
            rig.watch(MOVES_AGAIN_S)
        rig.tolerated.discard(cell.subject)
    elif then is Then.LATCHED:
        rig.watch(STILL_S)
        is_reset, words = rig.call(interfaces.RESET)
        rig.watch(STILL_S)
        return "" if is_reset else words
    elif then is Then.STAYS:
        rig.wait_mode(("standby",), COMES_BACK_S)
        rig.watch(2 * STILL_S)
        rig.tolerated.discard(cell.subject)
    return ""


def _try_arming(rig: FaultRig, cell: Cell, seed: int) -> tuple[bool, str]:
    """Ask for arming a robot at rest while the fault is there: whether it agreed, and its words."""
    doing = Doing(rig, cell, seed)
    doing.begin()
    try:
        rig.watch(cell.within_s + STILL_S)
        is_armed, words = rig.call(interfaces.ARM)
    finally:
        doing.end()
    stand_by(rig)
    return is_armed, words


def _finish(rig: FaultRig, path: Path) -> PhysicsTrace | None:
    """The trace of the trial; None where the simulation is gone."""
    if "sim" not in rig.graph.pids:
        return None
    rig.session.reset_world(0, "", "none", "")
    rig.session.wait_until(path.is_file, STANDBY_S, f"the simulator to write {path}")
    trace = read_trace(path)
    path.unlink()
    return trace
