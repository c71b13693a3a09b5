"""Stops the time from a picture to the command behind the supervisor, one chunk after another."""

from __future__ import annotations

from diagnostic_msgs.msg import DiagnosticStatus

from noetra_ros.core.types import ActionChunk
from noetra_ros.ros.latency_report import (
    CHUNK_AGE,
    GATE,
    TO_SETPOINT,
    WHOLE,
    latency_status,
    streamer_stages,
)
from noetra_ros.streaming.streamer import Streamer

NS_PER_S = 1_000_000_000
# A tick that comes later than this share of its period after its time has missed its deadline.
LATE_SHARE = 0.5


class SetpointWatch:
    """Follows each accepted chunk to its first setpoint and on to the first command that came through.

    Args:
        streamer: whose chunks they are.
        name: full name of the node.
    """

    def __init__(self, streamer: Streamer, name: str) -> None:
        self._streamer, self._name = streamer, name
        self._period_ns = round(streamer.period_s * NS_PER_S)
        self._stages = streamer_stages()
        self._accepted: tuple[int, int] | None = None
        self._sent: tuple[int, int] | None = None
        self._tick_ns: int | None = None
        self.missed_deadlines = 0

    def accepted(self, chunk: ActionChunk, now_ns: int, steady_ns: int) -> None:
        """A chunk was taken over."""
        self._stages.add(CHUNK_AGE, (now_ns - chunk.stamp_ns) / NS_PER_S)
        self._accepted = (chunk.stamp_ns, steady_ns)

    def ticked(self, steady_ns: int) -> None:
        """A tick began."""
        if self._tick_ns is not None:
            self.missed_deadlines += steady_ns - self._tick_ns > (1.0 + LATE_SHARE) * self._period_ns
        self._tick_ns = steady_ns

    def sent(self, steady_ns: int) -> None:
        """A setpoint went out."""
        if self._accepted is None:
            return
        stamp_ns, accepted_ns = self._accepted
        self._stages.add(TO_SETPOINT, (steady_ns - accepted_ns) / NS_PER_S)
        self._accepted, self._sent = None, (stamp_ns, steady_ns)

    def gated(self, now_ns: int, steady_ns: int) -> None:
        """A command came out of the supervisor."""
        if self._sent is None:
            return
        stamp_ns, sent_ns = self._sent
        self._stages.add(GATE, (steady_ns - sent_ns) / NS_PER_S)
        self._stages.add(WHOLE, (now_ns - stamp_ns) / NS_PER_S)
        self._sent = None

    def status(self) -> DiagnosticStatus:
        """One line of /diagnostics."""
        streamer, seams, chunk = self._streamer, self._streamer.seams, self._streamer.intake.newest
        delay = seams.delay.p95_rows(chunk.start_offset_s, chunk.step_s) if chunk is not None else 0
        counts = {
            "missed deadlines": self.missed_deadlines,
            "underruns": streamer.underruns,
            "delay p95 [actions]": delay,
            "delay p95 [ms]": f"{1e3 * seams.delay.p95_s:.1f}",
            "cold starts left out": seams.delay.left_out,
            "splices": ", ".join(f"{count} {how}" for how, count in sorted(seams.used.items())) or "none",
            "splices that fell back": seams.fallbacks,
            "chunks dropped": streamer.intake.dropped,
        }
        return latency_status(self._name, self._stages, counts)
