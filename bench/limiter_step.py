"""A jerk-limited step of 7 joints at 1 kHz: our limiter and ruckig's update, on the same targets in turns."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
from ruckig import InputParameter, OutputParameter, Result, Ruckig

from noetra_ros.core.types import CommandKind
from noetra_ros.evaluation.bench_records import BenchRecord, record_of
from noetra_ros.safety.limits import AxisLimits, ChannelLimits
from noetra_ros.safety.motion import ChannelMotion
from noetra_ros.safety.snapshot import Values

PERIOD_S = 0.001
# Franka Robotics, robot specifications of the FR3; accelerations and jerks: libfranka, rate_limiting.h.
LOWER_RAD = (-2.7437, -1.7837, -2.9007, -3.0421, -2.8065, 0.5445, -3.0159)
UPPER_RAD = (2.7437, 1.7837, 2.9007, -0.1518, 2.8065, 4.5169, 3.0159)
VELOCITY_RADPS = (2.62, 2.62, 2.62, 2.62, 5.26, 4.18, 5.26)
ACCELERATION_RADPS2, JERK_RADPS3 = 10.0, 5000.0
HOME: Values = (0.0, 0.0, 0.0, -1.6, 0.0, 2.5, 0.0)

GOALS, MOST_STEPS = 8, 3000
STREAM_STEPS, SWING_RAD, SWING_RADPS = 4000, 0.3, 1.5
NUDGE_RAD = 1e-9  # makes ruckig compute anew, and is nothing to the motion


@dataclass
class Sample:
    """Of both: us of each step, and steps until they stood at the goals."""

    ours_us: list[float] = field(default_factory=list)
    theirs_us: list[float] = field(default_factory=list)
    our_steps: int = 0
    their_steps: int = 0


def run(say: Callable[[str], None]) -> list[BenchRecord]:
    """Goals far away, to be reached as fast as the limits allow; and a stream that is allowed as it is."""
    rng = np.random.default_rng(0)
    goals, kept = Sample(), Sample()
    for index in range(GOALS):
        say(f"goal {index + 1} of {GOALS}")
        goal: Values = tuple(rng.uniform(np.array(LOWER_RAD) + 0.05, np.array(UPPER_RAD) - 0.05).tolist())
        _our_way(goal, goals)
        _their_way(goal, NUDGE_RAD, goals)
        _their_way(goal, 0.0, kept)
    say("a stream")
    stream = _stream()
    anew, follow = float(np.median(goals.theirs_us)), float(np.median(stream.theirs_us))
    steps_s = [PERIOD_S * goals.our_steps / GOALS]
    theirs_s = PERIOD_S * goals.their_steps / GOALS
    words = "ruckig in the same run, computing anew each step"
    return [
        record_of("limiter_step_stream", stream.ours_us, "us", f"{words}, {follow:.3g} us", follow),
        record_of("limiter_step_goal", goals.ours_us, "us", f"{words}, {anew:.3g} us", anew),
        record_of("ruckig_step_kept", kept.theirs_us, "us", f"{words}, {anew:.3g} us", anew),
        record_of("limiter_time_to_goal", steps_s, "s", f"ruckig, {theirs_s:.4g} s", theirs_s),
    ]


def _our_way(goal: Values, sample: Sample) -> None:
    motion = _motion()
    for _ in range(MOST_STEPS):
        sample.ours_us.append(_our_step(motion, goal, (0.0,) * 7))
        sample.our_steps += 1
        if motion.sent() == goal and motion.is_at_rest:
            return
    raise ValueError(f"the limiter has not reached {goal} in {MOST_STEPS} steps")


def _their_way(goal: Values, nudge_rad: float, sample: Sample) -> None:
    ruckig, inputs, output = _ruckig()
    for index in range(MOST_STEPS):
        inputs.target_position = [value + nudge_rad * (index % 2) for value in goal]
        result, took_us = _their_step(ruckig, inputs, output)
        sample.theirs_us.append(took_us)
        sample.their_steps += 1
        if result == Result.Finished or np.abs(np.array(output.new_position) - goal).max() <= 2 * NUDGE_RAD:
            return
    raise ValueError(f"ruckig has not reached {goal} in {MOST_STEPS} steps")


def _stream() -> Sample:
    """What a policy's stream mostly is: within every limit, so that each command passes bit for bit.

    Raises:
        ValueError: one did not.
    """
    sample, motion, (ruckig, inputs, output) = Sample(), _motion(), _ruckig()
    for wanted, speeds in _swing():
        sample.ours_us.append(_our_step(motion, wanted, speeds))
        if motion.sent() != wanted:
            raise ValueError(f"an allowed command was changed: {wanted} to {motion.sent()}")
        inputs.target_position, inputs.target_velocity = list(wanted), list(speeds)
        sample.theirs_us.append(_their_step(ruckig, inputs, output)[1])
    return sample


def _swing() -> Iterator[tuple[Values, Values]]:
    for step in range(STREAM_STEPS):
        phase = SWING_RADPS * PERIOD_S * step
        way, speed = SWING_RAD * (1.0 - np.cos(phase)), SWING_RAD * SWING_RADPS * np.sin(phase)
        yield tuple([float(value + way) for value in HOME]), (float(speed),) * len(HOME)


def _our_step(motion: ChannelMotion, wanted: Values, speeds: Values) -> float:
    begin_ns = time.perf_counter_ns()
    motion.commit(motion.propose(wanted, speeds, 1.0))
    return (time.perf_counter_ns() - begin_ns) / 1e3


def _their_step(ruckig: Ruckig, inputs: InputParameter, output: OutputParameter) -> tuple[Result, float]:
    begin_ns = time.perf_counter_ns()
    result = ruckig.update(inputs, output)
    output.pass_to_input(inputs)
    return result, (time.perf_counter_ns() - begin_ns) / 1e3


def _motion() -> ChannelMotion:
    rows = zip(LOWER_RAD, UPPER_RAD, VELOCITY_RADPS, strict=True)
    axes = tuple(
        AxisLimits(f"fr3_joint{i + 1}", "rad", low, high, speed, ACCELERATION_RADPS2, JERK_RADPS3)
        for i, (low, high, speed) in enumerate(rows)
    )
    motion = ChannelMotion(ChannelLimits(CommandKind.JOINT_POSITION, PERIOD_S, axes, {}))
    motion.start_at(HOME)
    return motion


def _ruckig() -> tuple[Ruckig, InputParameter, OutputParameter]:
    inputs, count = InputParameter(len(HOME)), len(HOME)
    inputs.current_position = list(HOME)
    inputs.max_velocity = list(VELOCITY_RADPS)
    inputs.max_acceleration, inputs.max_jerk = [ACCELERATION_RADPS2] * count, [JERK_RADPS3] * count
    return Ruckig(count, PERIOD_S), inputs, OutputParameter(count)
