"""What the policy node says of itself: policy/status and /diagnostics."""

from __future__ import annotations

import math
from dataclasses import dataclass

from diagnostic_msgs.msg import DiagnosticStatus, KeyValue

from noetra_ros.msg import PolicyStatus
from noetra_ros.policy.session import PolicySession, RunState
from noetra_ros.ros.conversions import ns_to_stamp

LEVELS = {
    RunState.IDLE: DiagnosticStatus.OK,
    RunState.RUNNING: DiagnosticStatus.OK,
    RunState.WAITING: DiagnosticStatus.WARN,
    RunState.FAULT: DiagnosticStatus.ERROR,
}


@dataclass(frozen=True)
class Inference:
    """Inferences so far.

    Attributes:
        chunks_sent: chunks published.
        duration_s: s, of the last one; NaN = none yet.
        age_s: s, age of its observation when it began; NaN = none yet.
    """

    chunks_sent: int = 0
    duration_s: float = math.nan
    age_s: float = math.nan

    def after(self, duration_s: float, age_s: float) -> Inference:
        """The same after one more chunk."""
        return Inference(self.chunks_sent + 1, duration_s, age_s)


def status_of(session: PolicySession, inference: Inference, model: str) -> PolicyStatus:
    """policy/status, but for its stamp."""
    last = session.last
    return PolicyStatus(
        state=last.state.value,
        detail=last.detail,
        instruction=session.instruction,
        model=model,
        observation_stamp=ns_to_stamp(last.observation_ns),
        chunk_due=last.is_due,
        chunks_sent=inference.chunks_sent,
        inference_s=inference.duration_s,
        observation_age_s=inference.age_s,
    )


def diagnostics_of(name: str, session: PolicySession, inference: Inference, skipped: int) -> DiagnosticStatus:
    """One line of /diagnostics.

    Args:
        name: full name of the node.
        session: what it is doing.
        inference: what it has done.
        skipped: observations that a newer one replaced before their inference began.
    """
    last = session.last
    values = {
        "instruction": session.instruction,
        "chunks sent": str(inference.chunks_sent),
        "inference [s]": f"{inference.duration_s:.4f}",
        "observation age [s]": f"{inference.age_s:.4f}",
        "observations skipped": str(skipped),
    }
    return DiagnosticStatus(
        level=LEVELS[last.state],
        name=name,
        message=last.detail or last.state.name.lower(),
        hardware_id="policy",
        values=[KeyValue(key=key, value=value) for key, value in values.items()],
    )
