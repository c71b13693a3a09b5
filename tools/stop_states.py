"""Controlled stops of a Franka Research 3 from random states within its limits, at 1 kHz: is one passed?

    noetra-env python tools/stop_states.py --states 1000000 --seed 1 --json docs/evidence/stops.json

A state is a position, velocity and acceleration of each of the seven joints that the supervisor itself would
let a robot come into. The stop is the limiter's own, setpoint by setpoint; what is sent is judged by its
finite differences, computed here. A run that was broken off goes on from its file.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, fields
from multiprocessing import Pool
from pathlib import Path
from random import Random

import numpy as np

from noetra_ros.evaluation.machine import describe_machine
from noetra_ros.safety.braking import braking_travel, peak_velocity
from noetra_ros.safety.limiter import AxisMotion, can_brake, stop_position
from noetra_ros.safety.limits import AxisLimits

PERIOD_S = 0.001
# Positions and speeds: Franka Robotics, robot specifications of the FR3; accelerations and jerks: libfranka,
# rate_limiting.h (10 rad/s2, 5000 rad/s3 for every joint).
LOWER_RAD = (-2.7437, -1.7837, -2.9007, -3.0421, -2.8065, 0.5445, -3.0159)
UPPER_RAD = (2.7437, 1.7837, 2.9007, -0.1518, 2.8065, 4.5169, 3.0159)
VELOCITY_RADPS = (2.62, 2.62, 2.62, 2.62, 5.26, 4.18, 5.26)
ACCELERATION_RADPS2, JERK_RADPS3 = 10.0, 5000.0
AXES = tuple(
    AxisLimits(f"fr3_joint{i + 1}", "rad", low, high, speed, ACCELERATION_RADPS2, JERK_RADPS3)
    for i, (low, high, speed) in enumerate(zip(LOWER_RAD, UPPER_RAD, VELOCITY_RADPS, strict=True))
)
# Positions near 3 rad are rounded to 4e-16; differenced three times at 1 kHz that is 4e-6 rad/s3 of 5000.
ROUNDING = 1e-6
CHUNK = 500
MOST_STEPS = 5000
SAVE_EVERY_S = 30.0


@dataclass
class Tally:
    """Over all stops: largest share of each limit, longest stop, and how many passed one."""

    states: int = 0
    stops: int = 0
    setpoints: int = 0
    passed: int = 0
    unfinished: int = 0
    longest_s: float = 0.0
    farthest_rad: float = 0.0
    largest_share: dict[str, float] = field(
        default_factory=lambda: dict.fromkeys(("position", "velocity", "acceleration", "jerk"), 0.0)
    )
    worst_prediction_rad: float = 0.0

    def add(self, other: Tally) -> None:
        """Take in those of another."""
        for name in ("states", "stops", "setpoints", "passed", "unfinished"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for name in ("longest_s", "farthest_rad", "worst_prediction_rad"):
            setattr(self, name, max(getattr(self, name), getattr(other, name)))
        for name, share in other.largest_share.items():
            self.largest_share[name] = max(self.largest_share[name], share)


def random_motion(random: Random, axis: AxisLimits) -> AxisMotion:
    """Of one joint; one that could not be braked within its limits any more is drawn anew."""
    while True:
        motion = AxisMotion(
            random.uniform(axis.lower, axis.upper),
            random.uniform(-axis.velocity, axis.velocity),
            random.uniform(-axis.acceleration, axis.acceleration),
        )
        peak = peak_velocity(motion.velocity, motion.acceleration, axis.jerk * PERIOD_S, PERIOD_S)
        if abs(peak) <= axis.velocity and can_brake(motion, axis, PERIOD_S):
            return motion


def stop(motion: AxisMotion, axis: AxisLimits, tally: Tally) -> None:
    """Stop one joint, and judge what is sent."""
    _, _, travel = braking_travel(motion.velocity, motion.acceleration, axis, PERIOD_S)
    # What was sent before, so that the first differences are those of the state.
    before = motion.position - motion.velocity * PERIOD_S
    earlier = before - (motion.velocity - motion.acceleration * PERIOD_S) * PERIOD_S
    sent, last = [earlier, before, motion.position], motion
    while len(sent) < MOST_STEPS:
        position = stop_position(last, axis, PERIOD_S)
        velocity = (position - last.position) / PERIOD_S
        last = AxisMotion(position, velocity, (velocity - last.velocity) / PERIOD_S)
        sent.append(position)
        if position == sent[-2] == sent[-3]:
            break
    else:
        tally.unfinished += 1
    positions = np.array(sent)
    velocity, acceleration, jerk = (np.diff(positions, n) / PERIOD_S**n for n in (1, 2, 3))
    middle, half = 0.5 * (axis.upper + axis.lower), 0.5 * (axis.upper - axis.lower)
    shares = {
        "position": float(np.abs(positions[3:] - middle).max()) / half,
        "velocity": float(np.abs(velocity[2:]).max()) / axis.velocity,
        "acceleration": float(np.abs(acceleration[1:]).max()) / axis.acceleration,
        "jerk": float(np.abs(jerk).max()) / axis.jerk,
    }
    tally.stops += 1
    tally.setpoints += len(sent) - 3
    tally.passed += any(share > 1.0 + ROUNDING for share in shares.values())
    tally.longest_s = max(tally.longest_s, (len(sent) - 3) * PERIOD_S)
    tally.farthest_rad = max(tally.farthest_rad, float(np.abs(positions[3:] - motion.position).max()))
    tally.worst_prediction_rad = max(tally.worst_prediction_rad, abs(sent[-1] - motion.position - travel))
    for name, share in shares.items():
        tally.largest_share[name] = max(tally.largest_share[name], share)


def many(job: tuple[int, int, int]) -> Tally:
    """`job` = seed, number of the chunk, states in it."""
    seed, number, states = job
    random, tally = Random(f"{seed}/{number}"), Tally(states=states)
    for _ in range(states):
        for axis in AXES:
            stop(random_motion(random, axis), axis, tally)
    return tally


def jobs(seed: int, first: int, states: int) -> Iterator[tuple[int, int, int]]:
    """Chunks of states, from the first that is still to be done."""
    for number in range(first, states, CHUNK):
        yield seed, number, min(CHUNK, states - number)


def begun(path: Path | None, seed: int) -> tuple[Tally, float]:
    """What an earlier run of the same seed has left in its file, and the s that it took."""
    if path is None or not path.is_file():
        return Tally(), 0.0
    found = json.loads(path.read_text(encoding="utf-8"))
    names = {entry.name for entry in fields(Tally)}
    if found["seed"] != seed or found["states"] % CHUNK:
        return Tally(), 0.0
    return Tally(**{name: value for name, value in found.items() if name in names}), found["took_s"]


def write(path: Path, seed: int, total: Tally, took_s: float) -> None:
    """The file, whole at any time."""
    head = {"seed": seed, "took_s": round(took_s, 1), "machine": describe_machine()}
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_text(json.dumps(head | asdict(total), indent=1) + "\n", encoding="utf-8")
    part.replace(path)


def main() -> int:
    """Exit code 1 where a stop passed a limit or did not end."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--states", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    total, before_s = begun(arguments.json, arguments.seed)
    begin_s = saved_s = time.monotonic()
    with Pool(arguments.processes) as pool:
        for tally in pool.imap(many, jobs(arguments.seed, total.states, arguments.states)):
            total.add(tally)
            print(f"\r{total.states} of {arguments.states} states, {total.passed} passed", end="", flush=True)
            if arguments.json is not None and time.monotonic() > saved_s + SAVE_EVERY_S:
                saved_s = time.monotonic()
                write(arguments.json, arguments.seed, total, before_s + saved_s - begin_s)
    print(f"\n{json.dumps(asdict(total), indent=1)}")
    if arguments.json is not None:
        write(arguments.json, arguments.seed, total, before_s + time.monotonic() - begin_s)
    return 1 if total.passed or total.unfinished else 0


if __name__ == "__main__":
    raise SystemExit(main())
