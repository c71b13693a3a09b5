"""A command time-out of 20 ms at 100 Hz: stops though commands came, stops because none did."""

from __future__ import annotations

import itertools
import time
from collections import Counter
from collections.abc import Callable

import numpy as np
from noetra_ros.msg import SafetyState

from noetra_ros.cli.gate_rig import GateRig, source_program
from noetra_ros.cli.stall_watch import LEAST_S, StallWatch
from noetra_ros.core.errors import NoetraError
from noetra_ros.evaluation.bench_records import BenchRecord, record_of
from noetra_ros.ros import interfaces
from noetra_ros.ros.kept_in_memory import lock_memory
from noetra_ros.ros.streamer_node import StreamerNode
from noetra_ros.ros.urgency import raise_process, settle_memory

MINUTES = 1.0  # noetra bench --minutes
TIMEOUT_S = 0.02
ALLOWANCE_S = 0.02
KILLS = 10
MOVING_S = 1.0
TOLD_AFTER_S = 0.05  # at most, a stop: a command that came in later ended no silence before it
SERVO_MS = 100.0  # MoveIt Servo's default time-out, incoming_command_timeout


class _Watch:
    """Gaps between commands as they come in, and stops.

    Attributes:
        gaps_ms: between commands as they came in.
        sent_ns: when they were sent, on the clock of the day.
        stops_ns: when stops were told, on the steady clock.
        decided_ns: when the supervisor decided on them, on the clock of the day.
        silences_ns: from the last command before a stop to it, on the steady clock.
        causes: of the stops, by check.
        last_good_ns: when the newest command came, on the steady clock.
    """

    def __init__(self, rig: GateRig) -> None:
        self.gaps_ms: list[float] = []
        self.sent_ns: list[int] = []
        self.stops_ns: list[int] = []
        self.decided_ns: list[int] = []
        self.silences_ns: list[tuple[int, int]] = []
        self.causes: Counter[str] = Counter()
        self.last_good_ns = 0
        self._gap_ns = (0, 0)  # the last one that was longer than the time-out
        self._was_active = False
        rig.on_in = lambda values, now_ns: self._on_in(rig.sent_ns, now_ns)
        rig.on_safety = lambda state, now_ns: self._on_safety(rig, state, now_ns)

    def _on_in(self, sent_ns: int, now_ns: int) -> None:
        self.sent_ns.append(sent_ns)
        if self.last_good_ns:
            self.gaps_ms.append((now_ns - self.last_good_ns) * 1e-6)
            if now_ns - self.last_good_ns > TIMEOUT_S * 1e9:
                self._gap_ns = (self.last_good_ns, now_ns)
        self.last_good_ns = now_ns

    def _on_safety(self, rig: GateRig, state: SafetyState, now_ns: int) -> None:
        is_active = rig.mode in ("active", "slowed")
        if self._was_active and not is_active:
            self.stops_ns.append(now_ns)
            self.decided_ns.append(state.header.stamp.sec * 10**9 + state.header.stamp.nanosec)
            # What ended the silence may be heard here before the stop that it made is.
            begin_ns, end_ns = self._gap_ns
            is_over = now_ns - end_ns < TOLD_AFTER_S * 1e9
            self.silences_ns.append((begin_ns if is_over else self.last_good_ns, now_ns))
            self.causes.update(rig.safety.active_checks if rig.safety else ())
        self._was_active = is_active

    def false_stops(self, count: int) -> int:
        """How many of the first `count` stops were decided though commands had been sent in time: none of
        their source's silences around the decision, by its own stamps, was longer than the time-out.
        """
        pairs = list(itertools.pairwise(self.sent_ns))
        silent = [pair for pair in pairs if pair[1] - pair[0] > TIMEOUT_S * 1e9]
        return sum(not any(_is_around(at_ns, pair) for pair in silent) for at_ns in self.decided_ns[:count])


def _is_around(at_ns: int, silence_ns: tuple[int, int]) -> bool:
    """It is on in that instant, or ended so shortly before that the supervisor may just hear of its end."""
    begin_ns, end_ns = silence_ns
    return begin_ns < at_ns < end_ns + TOLD_AFTER_S * 1e9


def run(say: Callable[[str], None]) -> list[BenchRecord]:
    """Move for some minutes, then kill the source again and again.

    The source and the robot's side have the urgency that the product's streamer has. A stop is false where
    the source had sent in time by its own stamps. One that found it silent is what the time-out is for, also
    where it was silent because the machine stood still under it; these are counted and told apart.
    """
    # Before anything is urgent: its watchers take a second of both cores to start.
    with StallWatch() as stalls, GateRig(settings={"command_timeout_s": TIMEOUT_S}) as rig:
        raise_process(StreamerNode.niceness)
        period_ms = 1e3 * rig.period_s
        lock_memory()
        settle_memory()
        watch = _begin(rig)
        ends_s = time.monotonic() + 60.0 * MINUTES
        while (left_s := ends_s - time.monotonic()) > 0.0:
            say(f"{left_s / 60.0:.1f} minutes left, {len(watch.stops_ns)} stops")
            _let_go_by(rig, min(10.0, left_s))
        silences_ns, gaps_ms, causes = [*watch.silences_ns], [*watch.gaps_ms], dict(watch.causes)
        false = watch.false_stops(len(silences_ns))
        stops_ms = [_kill(rig, watch)]
        for number in range(1, KILLS):
            say(f"kill {number + 1} of {KILLS}")
            stops_ms.append(_kill(rig, _begin(rig)))
    awake = sum(not stalls.within(*silence) for silence in silences_ns)
    silent = len(silences_ns) - false
    bound_ms = 1e3 * (TIMEOUT_S + ALLOWANCE_S) + period_ms
    why = "".join(f"; {count} by {check}" for check, count in causes.items())
    over = f"{MINUTES:g} minutes, {len(gaps_ms)} commands; longest gap {max(gaps_ms):.1f} ms{why}"
    against = f"time-out {1e3 * TIMEOUT_S:g} ms + one period + 20 ms; worst {max(stops_ms):.1f} ms"
    servo = "MoveIt Servo's time-out alone, 100 ms"
    return [
        record_of("stops_20ms", [float(len(silences_ns))], "1", over),
        record_of("stops_20ms_machine_awake", [float(awake)], "1", _stalled(stalls)),
        record_of("stops_20ms_source_silent", [float(silent)], "1", "it sent nothing for over 20 ms"),
        record_of("false_stops_20ms", [float(false)], "1", "commands had been sent in time"),
        record_of("command_gap", gaps_ms, "ms", "the period of the channel", period_ms),
        record_of("stop_after_kill_20ms", stops_ms, "ms", against, bound_ms),
        record_of("stop_after_kill_20ms_to_servo", [float(np.max(stops_ms))], "ms", servo, SERVO_MS),
    ]


def _stalled(stalls: StallWatch) -> str:
    if not stalls.is_granted:
        return "no real-time urgency granted: stalls of the machine cannot be told apart"
    lengths_ms = [1e-6 * (stall.end_ns - stall.begin_ns) for stall in stalls.stalls]
    longest = f", at most {max(lengths_ms):.0f} ms" if lengths_ms else ""
    return f"a core stood still for over {1e3 * LEAST_S:g} ms {len(lengths_ms)} times{longest}"


def _let_go_by(rig: GateRig, time_s: float) -> None:
    end_s = time.monotonic() + time_s
    rig.run_until(lambda: time.monotonic() > end_s, time_s + 10.0, "time to go by")


def _begin(rig: GateRig) -> _Watch:
    """The arm moves."""
    rig.measured = rig.home.copy()
    watch = _Watch(rig)
    rig.graph.processes.start(source_program())
    rig.run_until(lambda: bool(watch.last_good_ns), 20.0, "the source")
    rig.arm()
    _let_go_by(rig, MOVING_S)
    if rig.mode != "active":
        raise NoetraError(f"supervisor is in {rig.mode} before the run: {dict(rig.reasons)}")
    watch.gaps_ms.clear()
    return watch


def _kill(rig: GateRig, watch: _Watch) -> float:
    """ms from the last command to the stop."""
    before = len(watch.stops_ns)
    rig.graph.kill("source")
    rig.run_until(lambda: len(watch.stops_ns) > before, 10.0, "the stop")
    rig.forget_callbacks()
    rig.run_until(lambda: rig.mode in ("standby", "protective_stop"), 10.0, "rest")
    rig.call(interfaces.DISARM)
    rig.run_until(lambda: rig.mode == "standby", 10.0, "standby")
    return (watch.stops_ns[before] - watch.last_good_ns) * 1e-6
