"""What the kernel of this process answers, one line for each question, floats by their bits: for comparison.

python kernel_probe.py numbers COUNT SEED, or episodes COUNT SEED; the first line says which kernel it was.
"""

from __future__ import annotations

import hashlib
import sys
import warnings
from collections.abc import Callable, Iterator
from dataclasses import fields
from math import inf, nan
from random import Random
from typing import Any

import numpy as np

from noetra_ros.safety import KERNEL, all_axes, axis_excess, braking, limiter
from noetra_ros.safety.axis_limits import AxisLimits
from noetra_ros.safety.limiter import AxisMotion

PERIODS_S = (0.001, 0.002, 0.004, 0.01, 0.02, 0.05, 0.1)
STRANGE = (0.0, -0.0, 5e-324, -1e-13, 1e-12, 1e150, -1e308, nan, inf, -inf)
STRANGE_SHARE = 0.03  # of the numbers of a question
STEPS = 40  # of one motion, from a random state on
ROBOTS = ("so101", "diffbot")


def bits(value: Any) -> str:
    """A float by its bits, a tuple or a list by those of its parts."""
    if isinstance(value, tuple | list):
        return " ".join(map(bits, value))
    return float(value).hex() if isinstance(value, float) else repr(value)


def answer(function: Callable[..., Any], *arguments: Any) -> str:
    """What it gives, or that it refuses."""
    try:
        return bits(function(*arguments))
    except (ArithmeticError, ValueError) as refusal:
        return type(refusal).__name__


def random_axis(random: Random) -> AxisLimits:
    """Of an arm, a base or a crane; some without positions."""
    lower, upper = sorted((random.uniform(-4.0, 4.0), random.uniform(-4.0, 4.0)))
    if random.random() < 0.2:
        lower, upper = -inf, inf
    velocity = 10.0 ** random.uniform(-1.5, 1.0)
    acceleration = velocity * 10.0 ** random.uniform(0.0, 1.5)
    jerk = acceleration * 10.0 ** random.uniform(0.3, 2.5)
    return AxisLimits("axis", "rad", lower, upper, velocity, acceleration, jerk)


def numbers(count: int, seed: int) -> Iterator[str]:
    """Single questions and motions of many steps, `count` steps in all."""
    random = Random(seed)
    for number in range(0, count, STEPS):
        axis, dt_s = random_axis(random), random.choice(PERIODS_S)
        last = AxisMotion(*state(random, axis))
        yield f"{number} {bits((*last, dt_s))}"
        yield from single_answers(random, last, axis, dt_s)
        yield from steps(random, last, axis, dt_s)


def state(random: Random, axis: AxisLimits) -> tuple[float, float, float]:
    """Position, velocity and acceleration, mostly within the limits, sometimes no sensible number."""
    low, high = max(axis.lower, -5.0), min(axis.upper, 5.0)
    return (
        number(random, random.uniform(low - 0.05, high + 0.05)),
        number(random, 1.1 * random.uniform(-axis.velocity, axis.velocity)),
        number(random, 1.1 * random.uniform(-axis.acceleration, axis.acceleration)),
    )


def number(random: Random, usual: float) -> float:
    """That, or a strange one."""
    return random.choice(STRANGE) if random.random() < STRANGE_SHARE else usual


def single_answers(random: Random, last: AxisMotion, axis: AxisLimits, dt_s: float) -> Iterator[str]:
    """Every function of the group once."""
    position, velocity, acceleration = state(random, axis)
    step, room = axis.jerk * dt_s, number(random, random.uniform(0.0, 0.2))
    scale = number(random, random.choice((1.0, 0.0, random.random())))
    yield answer(braking.ramp_sum, abs(acceleration), step)
    yield answer(braking.ramp_start, abs(velocity) / dt_s, step)
    yield answer(braking.peak_velocity, velocity, acceleration, step, dt_s)
    yield answer(braking.ramp_acceleration, velocity, acceleration, axis, dt_s)
    yield answer(braking.braking_travel, velocity, acceleration, axis, dt_s)
    yield answer(braking.braking_travel, velocity, acceleration, axis, dt_s, room)
    yield answer(braking.braking_bound, velocity, acceleration, axis, dt_s)
    yield answer(braking.braking_bounds, velocity, acceleration, axis, dt_s)
    yield answer(limiter.moved, last, position, dt_s)
    yield answer(limiter.accelerated, last, velocity, dt_s)
    yield answer(limiter.stop_position, last, axis, dt_s)
    yield answer(limiter.stop_velocity, last, axis, dt_s)
    yield answer(limiter.velocities_until_rest, last, axis, dt_s, STEPS)
    yield answer(limiter.ramp_velocity, last, velocity, axis, dt_s)
    yield answer(limiter.next_position, last, position, velocity, axis, dt_s, scale)
    yield answer(limiter.next_velocity, last, velocity, axis, dt_s, scale)
    yield answer(limiter.is_position_allowed, last, position, axis, dt_s)
    yield answer(limiter.is_velocity_allowed, last, velocity, axis, dt_s)
    yield answer(limiter.can_brake, last, axis, dt_s)
    yield f"{last.is_at_rest(dt_s)} {last.is_steady(dt_s)}"
    yield from answers_of_all_axes(random, last, axis, dt_s)


def answers_of_all_axes(random: Random, last: AxisMotion, axis: AxisLimits, dt_s: float) -> Iterator[str]:
    """As `single_answers`, of what takes every axis of a channel at once: this one and another."""
    axes = (axis, random_axis(random))
    sent = tuple(zip(last, state(random, axes[1]), strict=True))
    wanted, speeds, scales = ((number(random, random.uniform(-4.0, 4.0)), usual) for usual in (0.3, 0.1, 0.7))
    yield answer(axis_excess.worst_axis, wanted, speeds)
    yield answer(all_axes.rates, wanted, speeds, dt_s)
    yield answer(all_axes.differences, wanted, sent, True, dt_s)
    yield answer(all_axes.differences, wanted, sent, False, dt_s)
    yield answer(all_axes.goal_speeds, wanted, sent[0], (axis.velocity, 0.5), dt_s)
    yield answer(all_axes.motion_after, sent[0], sent[1], wanted, dt_s)
    yield answer(all_axes.next_positions, sent, wanted, speeds, axes, dt_s, scales)
    yield answer(all_axes.shares_of, wanted, sent[0], (axis.tracking_error, 0.3))
    yield answer(all_axes.is_each_at_rest, sent[1], sent[2], dt_s)
    yield answer(all_axes.is_each_between, wanted, speeds, scales)
    yield answer(all_axes.is_each_within, wanted, scales[0])
    yield answer(all_axes.is_each_finite, list(wanted))
    yield answer(all_axes.rates, wanted, (*speeds, 0.0), dt_s)


def steps(random: Random, last: AxisMotion, axis: AxisLimits, dt_s: float) -> Iterator[str]:
    """A motion towards goals that change, then its stop."""
    is_position = random.random() < 0.7
    wanted, speed, _ = state(random, axis)
    for index in range(STEPS):
        if random.random() < 0.1:
            wanted, speed, _ = state(random, axis)
        try:
            if is_position:
                given = limiter.next_position(last, wanted, 0.0, axis, dt_s)
                given = limiter.stop_position(last, axis, dt_s) if index > 0.8 * STEPS else given
                last = limiter.moved(last, given, dt_s)
            else:
                last = limiter.accelerated(last, limiter.next_velocity(last, speed, axis, dt_s), dt_s)
        except (ArithmeticError, ValueError) as refusal:
            yield type(refusal).__name__
            return
        yield bits(tuple(last))


def episodes(count: int, seed: int) -> Iterator[str]:
    """Whole supervisors in random episodes: what they were given and sent, in which mode, and why."""
    from noetra_ros.evaluation.fuzz.campaign import Job, setups_for, weighted
    from noetra_ros.evaluation.fuzz.episode import Episode

    setups = weighted(setups_for(ROBOTS))
    for index in range(count):
        job = Job(setups, seed, index, periods=150)
        with warnings.catch_warnings(), np.errstate(all="ignore"):  # commands hold 1e308 and NaN on purpose
            warnings.simplefilter("ignore")
            record = Episode(job.setup, job.episode_seed, job.periods).play()
        parts = {field.name: getattr(record, field.name) for field in fields(record)}
        hashes = {name: digest(part) for name, part in parts.items()}
        yield f"{index} {job.setup.robot} {job.setup.variant} {int(record.is_sent.sum())} sent {hashes}"


def digest(part: Any) -> str:
    """Of every bit of an array, or of what else is told."""
    data = part.tobytes() if isinstance(part, np.ndarray) else repr(part).encode()
    return hashlib.sha256(data).hexdigest()[:16]


if __name__ == "__main__":
    print("compiled" if KERNEL.is_compiled else "Python")
    for line in {"numbers": numbers, "episodes": episodes}[sys.argv[1]](int(sys.argv[2]), int(sys.argv[3])):
        print(line)
