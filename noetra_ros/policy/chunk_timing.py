"""When an answer comes, counted in actions, and what the robot will have done by then."""

from __future__ import annotations

import numpy as np

from noetra_ros.core.delay import S_PER_NS, DelayMeter, is_within_envelope, rows_past
from noetra_ros.core.interpolation import rows_at
from noetra_ros.core.types import ActionChunk, ActionPrefix, FloatArray
from noetra_ros.policy.spec import PolicySpec


class ChunkTiming:
    """Keeps the last chunk and the running p95 of the delay: from both follows what is to be carried on.

    Args:
        spec: of the policy: rows and their times.
        latency_s: injected for an experiment: no chunk is followed earlier than this after its observation.
        is_stepped: lock-step: the delay is the injected one, always. Simulated time stands still while the
            model thinks, but not where nobody waits for its answer: after a task has ended.
    """

    def __init__(self, spec: PolicySpec, latency_s: float = 0.0, is_stepped: bool = False) -> None:
        self.delay = DelayMeter()
        self._is_stepped = is_stepped
        if is_stepped:
            self.delay.add(latency_s)
        self.asked_plain = 0
        self._spec, self._latency_s = spec, latency_s
        self._last: ActionChunk | None = None

    def forget(self) -> None:
        """Another run begins: the robot does not follow the last chunk any more."""
        self._last = None

    def note(self, chunk: ActionChunk, now_ns: int) -> None:
        """An answer is ready. That to the first question of a run is a cold start's and is not counted."""
        if not self._is_stepped:
            delay_s = max((now_ns - chunk.stamp_ns) * S_PER_NS, self._latency_s)
            self.delay.add(delay_s, is_cold=self._last is None)
        self._last = chunk

    def prefix(self, stamp_ns: int) -> ActionPrefix | None:
        """What the answer to an observation has to carry on from.

        Args:
            stamp_ns: of the observation.

        Returns:
            None where nothing is to be carried on: first chunk of a run, no delay measured yet, the last
            chunk has ended, or the delay has left the envelope (`core.delay.is_within_envelope`); the policy
            is asked without a prefix then, and the streamer blends.
        """
        last, spec = self._last, self._spec
        if last is None or self.delay.count == 0:
            return None
        delay_rows = self.delay.p95_rows(spec.start_offset_s, spec.step_s)
        executed_rows = round((stamp_ns - last.stamp_ns) * S_PER_NS / spec.step_s)
        values = _on_grid(last, stamp_ns, spec)
        if not len(values) or not is_within_envelope(delay_rows, executed_rows, spec.rows):
            self.asked_plain += 1
            return None
        return ActionPrefix(values, min(self._frozen_rows(), len(values)))

    def _frozen_rows(self) -> int:
        """Rows that are past when the answer comes, and the one that the robot is on its way to."""
        spec, p95_s = self._spec, self.delay.p95_s
        return rows_past(p95_s, spec.start_offset_s, spec.step_s) + 1 if p95_s > 0.0 else 0


def _on_grid(chunk: ActionChunk, stamp_ns: int, spec: PolicySpec) -> FloatArray:
    """(k, d) the chunk at the instants of the rows that will answer `stamp_ns`, as far as it reaches."""
    rows_s = (chunk.row_times_ns - stamp_ns) * S_PER_NS
    wanted_s = spec.start_offset_s + spec.step_s * np.arange(spec.rows)
    wanted_s = wanted_s[wanted_s <= rows_s[-1] + 1e-6]
    return rows_at(wanted_s, rows_s, chunk.values)
