"""Asynchronous or synchronous execution: does the robot go on while the model computes, or stand and wait?"""

from __future__ import annotations

import dataclasses
import math

from noetra_ros.core.types import ActionChunk

ASYNCHRONOUS, SYNCHRONOUS = EXECUTIONS = ("asynchronous", "synchronous")


def executed(chunk: ActionChunk, execution: str, execute_s: float, now_ns: int) -> ActionChunk:
    """The chunk as it is carried out.

    Asynchronous: at the instants that it was computed for; rows that are past are skipped. Synchronous: the
    robot has stood since the observation, so the chunk begins now, as if it had been made now, and ends after
    `execute_s`.

    Args:
        chunk: as the policy meant it.
        execution: one of `EXECUTIONS`.
        execute_s: s of the chunk that are carried out when synchronous; 0 = all.
        now_ns: when it arrived.
    """
    if execution == ASYNCHRONOUS:
        return chunk
    rows = chunk.values.shape[0]
    if execute_s > 0.0:
        rows = min(rows, max(1, math.floor((execute_s - chunk.start_offset_s) / chunk.step_s + 1e-6) + 1))
    return dataclasses.replace(chunk, stamp_ns=now_ns, values=chunk.values[:rows])


def executed_s(execution: str, execute_s: float, start_offset_s: float, step_s: float, rows: int) -> float:
    """Synchronous: s from the arrival of a chunk to its last row that is carried out; else 0."""
    if execution == ASYNCHRONOUS:
        return 0.0
    whole_s = start_offset_s + (rows - 1) * step_s
    return min(execute_s, whole_s) if execute_s > 0.0 else whole_s
