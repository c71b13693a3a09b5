"""Latency of the gate: command in to command out over DDS, beside a plain relay, taken in turns."""

from __future__ import annotations

import time
from collections.abc import Callable

from std_msgs.msg import Float64MultiArray

from noetra_ros.cli.gate_rig import GateRig, hold, relay_program
from noetra_ros.core.errors import NoetraError
from noetra_ros.core.types import FloatArray
from noetra_ros.evaluation.bench_records import BenchRecord, record_of
from noetra_ros.evaluation.statistics import percentile

COMMANDS = 1500
WARM_UP = 100


def run(say: Callable[[str], None]) -> list[BenchRecord]:
    """Send each command to both; half a period apart, so that neither waits for the other."""
    gate_ms, relay_ms = _Stopwatch(), _Stopwatch()
    with GateRig([relay_program()]) as rig:
        rig.on_out = lambda values, now_ns: gate_ms.stop(values, now_ns)
        rig.on_relayed = lambda values, now_ns: relay_ms.stop(values, now_ns)
        rig.run_until(lambda: rig.relay_in.get_subscription_count() > 0, 20.0, "the relay")
        rig.arm()
        due_s = time.monotonic()
        for index in range(COMMANDS):
            values = hold(rig.home, index)
            message = Float64MultiArray(data=values.tolist())
            rig.publish_joints()
            gate_ms.start(values)
            rig.command_in.publish(message)
            rig.spin_until(due_s + rig.period_s / 2)
            relay_ms.start(values)
            rig.relay_in.publish(message)
            due_s = max(due_s + rig.period_s, time.monotonic() + rig.period_s / 2)  # late: never two at once
            rig.spin_until(due_s)
            if index % 100 == 0:
                say(f"{index} of {COMMANDS} commands, mode {rig.mode}")
    for name, sample in (("supervisor", gate_ms.sample), ("relay", relay_ms.sample)):
        if len(sample) < 0.9 * COMMANDS:
            why = "; ".join(f"{n} x {reason}" for reason, n in rig.reasons.most_common(4))
            raise NoetraError(f"only {len(sample)} of {COMMANDS} commands came through the {name} ({why})")
    return _records(gate_ms.sample, relay_ms.sample)


def _records(gate_ms: list[float], relay_ms: list[float]) -> list[BenchRecord]:
    gate, plain = gate_ms[WARM_UP:], relay_ms[WARM_UP:]
    median = percentile(plain, 50)
    added = percentile(gate, 50) - median
    against = f"a plain relay, p50 {median:.3f} ms, p99 {percentile(plain, 99):.3f} ms"
    return [
        record_of("gate_latency", gate, "ms", against, median),
        record_of("relay_latency", plain, "ms"),
        record_of("gate_added_latency_p50", [added], "ms", against, median),
    ]


class _Stopwatch:
    """Time from sending a command to receiving it unchanged; a changed one counts as lost."""

    def __init__(self) -> None:
        self.sample: list[float] = []
        self._sent: dict[float, int] = {}

    def start(self, values: FloatArray) -> None:
        self._sent[float(values[0])] = time.monotonic_ns()

    def stop(self, values: FloatArray, now_ns: int) -> None:
        sent_ns = self._sent.pop(float(values[0]), None)
        if sent_ns is not None:
            self.sample.append((now_ns - sent_ns) * 1e-6)
