"""From what a corrector says to a chunk that may be followed: newer pictures only, bounded, finite, no longer
than the policy's own answer.

The result is an ordinary `ActionChunk` with the stamp of the newer observation: late and out-of-order chunks
are dropped, limits are kept and the supervisor judges as ever. Without a corrector's answer the robot follows
what it followed; when the policy falls silent its last answer ends, and no correction reaches beyond.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from noetra_ros.core.interpolation import rows_at
from noetra_ros.core.types import ActionChunk, CommandKind, FloatArray, Observation
from noetra_ros.policy.correction.corrector import Ahead, Corrector
from noetra_ros.policy.errors import PolicyError

S_PER_NS = 1e-9


class Correcting:
    """Keeps the policy's newest answer and what was made of it.

    Args:
        corrector: loaded.
    """

    def __init__(self, corrector: Corrector) -> None:
        self._corrector, self._spec = corrector, corrector.spec
        self._base: ActionChunk | None = None
        self._followed: ActionChunk | None = None
        self.corrected = 0
        self.refused = 0
        self.last_reason = ""

    @property
    def followed(self) -> ActionChunk | None:
        """The chunk that the robot follows: the last correction, or the policy's own answer."""
        return self._followed

    def forget(self) -> None:
        """Another run begins: nothing is followed."""
        self._base = self._followed = None

    def follow(self, base: ActionChunk) -> None:
        """An answer of the policy has come; it is what is corrected from now on."""
        if self._base is None or base.stamp_ns > self._base.stamp_ns:
            self._base = base
        if self._followed is None or base.stamp_ns > self._followed.stamp_ns:
            self._followed = base  # the first one, or nothing was corrected meanwhile

    def look(self, observation: Observation) -> ActionChunk | None:
        """The corrected chunk, or None where there is nothing to correct or the correction is refused.

        `last_reason` says why.
        """
        reason = self._obstacle(observation)
        if reason:
            return self._refuse(reason)
        base, followed = self._base, self._followed
        assert base is not None and followed is not None
        ahead = self._ahead(base, followed, observation.stamp_ns)
        try:
            residuals = np.asarray(self._corrector.residuals(observation, ahead), dtype=np.float64)
        except PolicyError as error:
            return self._refuse(str(error))
        if residuals.shape != ahead.base[1:].shape or not np.isfinite(residuals).all():
            expected = "x".join(map(str, ahead.base[1:].shape))
            return self._refuse(
                f"correction is {residuals.shape}, NaN or infinite; expected finite {expected}"
            )
        self._followed = self._corrected(base, observation, ahead, residuals)
        self.corrected += 1
        self.last_reason = ""
        return self._followed

    def _obstacle(self, observation: Observation) -> str:
        """Why nothing may be corrected now; empty = nothing is in the way."""
        base, followed, stamp_ns = self._base, self._followed, observation.stamp_ns
        if base is None or followed is None:
            return "the policy has not answered yet"
        if base.kind is not CommandKind.JOINT_POSITION or sorted(base.names) != sorted(self._spec.joints):
            return f"chunk of {base.kind.value} of {', '.join(base.names)}; expected joint positions of mine"
        if base.instruction != observation.instruction:
            return f"the chunk follows {base.instruction!r}, wanted is {observation.instruction!r}"
        if stamp_ns >= base.row_times_ns[-1]:
            return "the policy's answer has no row ahead"
        stamps = [frame.stamp_ns for frame in observation.frames.values()] or [stamp_ns]
        if min(stamp_ns, *stamps) <= followed.stamp_ns:
            return "no picture newer than the chunk"
        return ""

    def _refuse(self, reason: str) -> None:
        self.refused += 1
        self.last_reason = reason

    def _ahead(self, base: ActionChunk, followed: ActionChunk, stamp_ns: int) -> Ahead:
        spec = self._spec
        offsets_s = spec.step_s * np.arange(spec.rows + 1)
        order = [base.names.index(name) for name in spec.joints]
        return Ahead(
            base=_at(base, stamp_ns, offsets_s)[:, order],
            planned=_at(followed, stamp_ns, offsets_s[:1])[0, order],
            age_s=(stamp_ns - base.stamp_ns) * S_PER_NS,
            left_s=(int(base.row_times_ns[-1]) - stamp_ns) * S_PER_NS,
        )

    def _corrected(
        self, base: ActionChunk, observation: Observation, ahead: Ahead, residuals: FloatArray
    ) -> ActionChunk:
        """The base from now to its end, plus the correction; the last one holds for all later rows.

        Row 0 is where the plan is now, so that the robot goes on from there.
        """
        spec = self._spec
        certain = np.sign(residuals) * np.maximum(np.abs(residuals) - spec.ignore_rad, 0.0)
        limited = np.clip(certain, -spec.limit_rad, spec.limit_rad)
        known = np.vstack([ahead.planned - ahead.base[0], limited])
        rows = int(np.ceil(ahead.left_s / base.step_s - 1e-6)) + 1
        offsets_s = base.step_s * np.arange(rows)
        added = rows_at(offsets_s, spec.step_s * np.arange(spec.rows + 1), known)
        back = [spec.joints.index(name) for name in base.names]
        values = _at(base, observation.stamp_ns, offsets_s) + added[:, back]
        model = f"{base.model} + {spec.model}"
        return replace(base, stamp_ns=observation.stamp_ns, start_offset_s=0.0, values=values, model=model)


def _at(chunk: ActionChunk, stamp_ns: int, offsets_s: FloatArray) -> FloatArray:
    """(m, d) a chunk at offsets from an instant; before its first and after its last row these."""
    rows_s = (chunk.row_times_ns - stamp_ns) * S_PER_NS
    return rows_at(offsets_s, rows_s, chunk.values)
