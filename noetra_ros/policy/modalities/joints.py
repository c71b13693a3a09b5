"""Proprioception: measured joints, now and at the instants before that the policy wants."""

from __future__ import annotations

from typing import Any

import numpy as np

from noetra_ros.core.types import JointState
from noetra_ros.policy.assembly import Fields, Part
from noetra_ros.policy.history import History
from noetra_ros.policy.modality import MODALITIES
from noetra_ros.policy.spec import PolicySpec
from noetra_ros.policy.tracks import SampleTrack, Timing

STREAM = "joint_states"
QUANTITIES = {"position": "positions", "velocity": "velocities", "effort": "efforts"}


class JointTrack(SampleTrack):
    """Takes no state that lacks what the policy reads.

    Args:
        timing, history: see `SampleTrack`.
        joints: that the policy reads.
        reads: quantities of each.
    """

    def __init__(
        self, timing: Timing, history: History, joints: tuple[str, ...], reads: tuple[str, ...]
    ) -> None:
        super().__init__(timing, history)
        self._joints, self._reads = joints, reads

    def add(self, stamp_ns: int, sample: JointState) -> None:
        """Take a state.

        Raises:
            ValueError: a quantity that the policy reads is not measured, or not finite.
        """
        for word in self._reads:
            values = getattr(sample, QUANTITIES[word])
            known = dict(zip(sample.names, np.isfinite(values), strict=True))
            lacking = [name for name in self._joints if not known.get(name, True)]
            if lacking:
                raise ValueError(f"{STREAM}: no finite {word} of {', '.join(lacking)}")
        super().add(stamp_ns, sample)


@MODALITIES.register("joints")
def joints(spec: PolicySpec) -> tuple[Part, ...]:
    """One part, where the policy reads joints."""
    if not spec.joints:
        return ()

    def track(timing: Timing, history: History) -> JointTrack:
        return JointTrack(timing, history, spec.joints, spec.reads)

    return (Part(STREAM, STREAM, _put, history=spec.joint_history, track=track),)


def _put(fields: Fields, samples: tuple[Any, ...]) -> None:
    fields["joints"], fields["past_joints"] = samples[-1], samples[:-1]
