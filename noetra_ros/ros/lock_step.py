"""Lock-step: who still has to answer the tick that the simulation has published."""

from __future__ import annotations

from dataclasses import dataclass, replace

from std_msgs.msg import Header

from noetra_ros.msg import PolicyStatus, SafetyState, StreamerStatus
from noetra_ros.ros.conversions import stamp_to_ns

# Commands that may overtake their report: one of a service call (disarm, stop), one of the tick itself.
MOST_EARLY = 2


@dataclass(frozen=True)
class Counts:
    """Counters of the graph at the end of a tick; only their growth within a tick counts."""

    setpoints: int = 0
    judged: int = 0
    sent: int = 0
    received: int = 0
    dropped_chunks: int = 0


class TickAnswers:
    """Collects what comes back for one tick after another.

    The tick is answered when the streamer has sent its setpoints, the supervisor has judged as many, the
    commands it let through have arrived, and a policy that runs and a perception that has ever answered have
    answered the frames of this tick.
    """

    def __init__(self) -> None:
        self._tick_ns = 0
        self._has_frames = self._has_sights = False
        self._begun = Counts()
        self._received = 0
        self.streamer: StreamerStatus | None = None
        self.safety: SafetyState | None = None
        self.policy: PolicyStatus | None = None
        self.perception: Header | None = None

    def begin(self, tick_ns: int, has_frames: bool, has_sights: bool = False) -> None:
        """A tick was published.

        Args:
            tick_ns: its stamp.
            has_frames: all of the policy's camera frames went out with it.
            has_sights: frames that perception looks at went out with it.
        """
        self._tick_ns, self._has_frames, self._has_sights = tick_ns, has_frames, has_sights
        self._begun = self._baseline()

    def count_command(self) -> None:
        """A command arrived at the gated controller."""
        self._received += 1

    def missing(self) -> list[str]:
        """What has not come yet, in words; empty = the tick is answered."""
        checks = (
            self._streamer_missing,
            self._supervisor_missing,
            self._command_missing,
            self._policy_missing,
            self._perception_missing,
        )
        return [words for words in (check() for check in checks) if words]

    @property
    def is_armed(self) -> bool:
        """The supervisor lets commands through, or will as soon as somebody who stands near has gone, and the
        streamer has heard of it: else it would depend on the machine's load at which tick it sets out.
        """
        if self.safety is None or self.streamer is None:
            return False
        return bool(self.safety.is_armed) and self.streamer.gate != StreamerStatus.GATE_CLOSED

    @property
    def is_policy_running(self) -> bool:
        """The policy follows an instruction."""
        states = (PolicyStatus.STATE_RUNNING, PolicyStatus.STATE_WAITING)
        return self.policy is not None and self.policy.state in states

    def _baseline(self) -> Counts:
        """Counters now. A command that overtook the report of its sending stays owed to that report."""
        now, before = self._counts(), self._begun
        early = (now.received - before.received) - (now.sent - before.sent)
        return replace(now, received=now.received - min(max(early, 0), MOST_EARLY))

    def _counts(self) -> Counts:
        streamer, safety = self.streamer, self.safety
        return Counts(
            setpoints=int(streamer.setpoints_sent) if streamer else 0,
            judged=int(safety.commands_judged) if safety else 0,
            sent=int(safety.commands_sent) if safety else 0,
            received=self._received,
            dropped_chunks=int(streamer.chunks_dropped) if streamer else 0,
        )

    def _streamer_missing(self) -> str:
        if self.streamer is None or stamp_to_ns(self.streamer.header.stamp) < self._tick_ns:
            return "the streamer (streamer/status for this tick)"
        return ""

    def _supervisor_missing(self) -> str:
        now, begun = self._counts(), self._begun
        if self.safety is None or stamp_to_ns(self.safety.header.stamp) < self._tick_ns:
            return "the supervisor (safety/state for this tick)"
        wanted, judged = now.setpoints - begun.setpoints, now.judged - begun.judged
        if judged < wanted:
            return f"the supervisor (commands judged: {judged} of {wanted})"
        return ""

    def _command_missing(self) -> str:
        now, begun = self._counts(), self._begun
        wanted, received = now.sent - begun.sent, now.received - begun.received
        return f"the supervisor's commands ({received} of {wanted} arrived)" if received < wanted else ""

    def _perception_missing(self) -> str:
        if not self._has_sights or self.perception is None:
            return ""
        if stamp_to_ns(self.perception.stamp) >= self._tick_ns:
            return ""
        return "perception (heartbeat for the frames of this tick)"

    def _policy_missing(self) -> str:
        if not self._has_frames or self.policy is None:
            return ""
        # One that has seen pictures answers each, idle or not; else it would fall behind and seem dead.
        seen_ns = stamp_to_ns(self.policy.observation_stamp)
        if not seen_ns and not self.is_policy_running:
            return ""
        has_looked = seen_ns >= self._tick_ns
        if has_looked and not self.policy.chunk_due:
            return ""
        streamer = self.streamer
        if streamer is not None and stamp_to_ns(streamer.chunk_stamp) >= self._tick_ns:
            return ""
        if has_looked and self._counts().dropped_chunks > self._begun.dropped_chunks:
            return ""  # it answered; the streamer refused the chunk
        return "the policy (policy/chunk or policy/status for the frames of this tick)"
