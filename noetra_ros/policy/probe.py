"""Made-up observations, to see how long a policy takes before anything moves; their answers go nowhere."""

from __future__ import annotations

import time

import numpy as np

from noetra_ros.core.samples import DepthFrame, Signal, Sound
from noetra_ros.core.types import CameraFrame, JointState, Observation
from noetra_ros.policy.backend import PolicyBackend
from noetra_ros.policy.errors import PolicyError
from noetra_ros.policy.history import History
from noetra_ros.policy.spec import CameraNeed, PolicySpec
from noetra_ros.robots.profile import RobotProfile

SENTENCE = "hold still"
START_NS = 1_000_000_000_000
NS_PER_S = 1_000_000_000


def probe_observation(spec: PolicySpec, robot: RobotProfile, number: int = 0) -> Observation:
    """An observation with everything that the spec asks for: random pictures, joints in the middle.

    Args:
        spec: what the policy needs.
        robot: sizes of pictures that the model resizes itself, joint limits.
        number: of the observation; later ones have later stamps and other pictures.
    """
    rng = np.random.default_rng(number)
    stamp_ns = START_NS + round(number * spec.replan_s * NS_PER_S)
    videos = {need.name: _video(need, robot, rng, stamp_ns) for need in spec.cameras}
    states = [_joints(robot, instant_ns) for instant_ns in _instants_ns(spec.joint_history, stamp_ns)]
    return Observation(
        stamp_ns=stamp_ns,
        instruction=SENTENCE,
        joints=states[-1],
        frames={name: frames[-1] for name, frames in videos.items()},
        videos={name: frames for name, frames in videos.items() if len(frames) > 1},
        past_joints=tuple(states[:-1]),
        depths={n.name: _depth(n.name, n.height_px, n.width_px, rng, stamp_ns) for n in spec.depths},
        signals={n.stream: _signal(n.stream, n.names, n.history, stamp_ns) for n in spec.signals},
        sounds={
            n.stream: _sound(n.stream, n.rate_hz, n.duration_s, n.channels, stamp_ns) for n in spec.sounds
        },
    )


def measured_latency_s(backend: PolicyBackend, robot: RobotProfile, calls: int) -> float | None:
    """s that a loaded policy takes for an answer, 95 of 100 times; its first call is left out.

    Args:
        backend: loaded; it is reset afterwards.
        robot: that it would drive.
        calls: inferences to measure; 0 = none.

    Returns:
        None where nothing was measured: the policy needs more than can be made up.
    """
    if calls < 1 or backend.spec.needs_truth:
        return None
    observations = [probe_observation(backend.spec, robot, number) for number in range(calls + 1)]
    taken_s = []
    try:
        for observation in observations:
            started_s = time.perf_counter()
            backend.infer(observation)
            taken_s.append(time.perf_counter() - started_s)
    except PolicyError:
        return None
    finally:
        backend.reset()
    return float(np.quantile(taken_s[1:], 0.95))


def _instants_ns(history: History, stamp_ns: int) -> list[int]:
    return [stamp_ns - round(k * history.step_s * NS_PER_S) for k in range(history.count - 1, -1, -1)]


def _video(
    need: CameraNeed, robot: RobotProfile, rng: np.random.Generator, stamp_ns: int
) -> tuple[CameraFrame, ...]:
    size = (need.height_px, need.width_px)
    if need.resizes_itself and need.name in robot.cameras:
        width_px, height_px = robot.cameras[need.name].given_px
        size = (height_px, width_px)
    return tuple(
        CameraFrame(instant_ns, need.name, rng.integers(0, 256, (*size, 3), dtype=np.uint8))
        for instant_ns in _instants_ns(need.history, stamp_ns)
    )


def _joints(robot: RobotProfile, stamp_ns: int) -> JointState:
    middle = np.array([(limits.lower_rad + limits.upper_rad) / 2.0 for limits in robot.joints.values()])
    still = np.zeros_like(middle)
    return JointState(stamp_ns, robot.joint_names, middle, still, still)


def _depth(name: str, height: int, width: int, rng: np.random.Generator, stamp_ns: int) -> DepthFrame:
    return DepthFrame(stamp_ns, name, rng.uniform(0.3, 2.0, (height, width)).astype(np.float32))


def _signal(stream: str, names: tuple[str, ...], history: History, stamp_ns: int) -> Signal:
    stamps_ns = np.array(_instants_ns(history, stamp_ns), dtype=np.int64)
    return Signal(stream, names, stamps_ns, np.zeros((len(stamps_ns), len(names))))


def _sound(stream: str, rate_hz: float, duration_s: float, channels: int, stamp_ns: int) -> Sound:
    silence = np.zeros((max(round(duration_s * rate_hz), 1), channels), np.float32)
    return Sound(stamp_ns, stream, rate_hz, silence)
