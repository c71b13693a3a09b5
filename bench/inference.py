"""Inference of the shipped policy: one observation to one action chunk, on one thread."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from noetra_ros.core.types import CameraFrame, JointState, Observation
from noetra_ros.evaluation.bench_records import BenchRecord, record_of
from noetra_ros.policy.backend import BackendOptions, create_backend
from noetra_ros.robots.profile import RobotProfile, load_robot

INFERENCES = 200
WARM_UP = 10


def run(say: Callable[[str], None]) -> list[BenchRecord]:
    """Random pictures: the time does not depend on what they show."""
    profile = load_robot("so101")
    backend = create_backend("noetra_nano", BackendOptions(robot=profile))
    say("loading the model")
    backend.load()
    backend.reset()
    sample_ms = []
    for index in range(WARM_UP + INFERENCES):
        observation = _observation(profile, index)
        begin_s = time.perf_counter()
        backend.infer(observation)
        sample_ms.append((time.perf_counter() - begin_s) * 1e3)
        if index % 50 == 0:
            say(f"{index} of {INFERENCES}")
    replan_ms = backend.spec.replan_s * 1e3
    against = f"the time between two inferences, {replan_ms:g} ms"
    return [record_of("nano_inference", sample_ms[WARM_UP:], "ms", against, replan_ms)]


def _observation(profile: RobotProfile, index: int) -> Observation:
    rng = np.random.default_rng(index)
    stamp_ns = index * 100_000_000
    zeros = np.zeros(len(profile.joint_names))
    frames = {
        name: CameraFrame(stamp_ns, name, rng.integers(0, 256, (c.height_px, c.width_px, 3), dtype=np.uint8))
        for name, c in profile.cameras.items()
    }
    joints = JointState(stamp_ns, profile.joint_names, zeros, zeros, zeros)
    return Observation(stamp_ns, "pick up the red cube", joints, frames)
