"""Latency by stage as a line of /diagnostics."""

from __future__ import annotations

from collections.abc import Mapping

from diagnostic_msgs.msg import DiagnosticStatus, KeyValue

from noetra_ros.core.latency import StageTimes

# Stages of the policy node, from the stamp of the oldest part of an observation to its chunk on the wire.
TO_OBSERVATION = "camera stamp to observation"
TO_INFERENCE = "observation to inference"
INFERENCE = "inference"
TO_CHUNK = "inference to chunk"
# Stages of the streamer, from the same stamp to the command behind the supervisor.
CHUNK_AGE = "camera stamp to streamer"
TO_SETPOINT = "streamer to first setpoint"
GATE = "setpoint to gated command"
WHOLE = "camera stamp to gated command"


def policy_stages() -> StageTimes:
    """Nothing measured yet."""
    return StageTimes(TO_OBSERVATION, TO_INFERENCE, INFERENCE, TO_CHUNK)


def streamer_stages() -> StageTimes:
    """Nothing measured yet."""
    return StageTimes(CHUNK_AGE, TO_SETPOINT, GATE, WHOLE)


def latency_status(name: str, times: StageTimes, counts: Mapping[str, object]) -> DiagnosticStatus:
    """One line of /diagnostics.

    Args:
        name: full name of the node.
        times: durations by stage.
        counts: what else belongs to it: missed deadlines, underruns, delays in actions.
    """
    values = {}
    for stage, spread in times.spreads().items():
        values[f"{stage} p50 [ms]"] = f"{1e3 * spread.p50_s:.2f}"
        values[f"{stage} p95 [ms]"] = f"{1e3 * spread.p95_s:.2f}"
        values[f"{stage} p99 [ms]"] = f"{1e3 * spread.p99_s:.2f}"
    values |= {key: str(value) for key, value in counts.items()}
    return DiagnosticStatus(
        level=DiagnosticStatus.OK,
        name=f"{name}: latency",
        message="latency by stage",
        hardware_id="latency",
        values=[KeyValue(key=key, value=value) for key, value in values.items()],
    )
