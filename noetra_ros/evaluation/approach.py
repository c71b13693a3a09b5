"""The world `approach`: people walk up to a robot that shuttles to and fro; kinematic, many paths at once.

Everything that a supervisor may rely on is at its declared bound: the latencies, the error of the measured
person and robot, the part of a body that is not seen, the speed of people. Who judges contact knows the true
positions and shares nothing with who controls.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from noetra_ros.core.types import CommandKind, FloatArray
from noetra_ros.safety.limits import AxisLimits, ChannelLimits
from noetra_ros.safety.separation import HumanSpeed


@dataclass(frozen=True)
class ApproachWorld:
    """Bounds of the world; the controller is told them, the world keeps them.

    Attributes:
        step_s: period of supervisor and simulation.
        duration_s: of each path.
        track_m: the robot's tip moves between 0 and this, along x.
        speed_mps, acceleration_mps2, jerk_mps3: limits of the tip.
        controller_latency_s: from a command until the robot follows it.
        camera_period_s, camera_latency_s: perception.
        intrusion_m, sensor_m, robot_m: C, Z_d, Z_r.
        body_m: radius of person and tip together.
        human: speeds of people.
        resume_after_s, rise_per_s: how a stop ends, for every controller alike.
    """

    step_s: float = 0.01
    duration_s: float = 6.0
    track_m: float = 2.0
    speed_mps: float = 2.0
    acceleration_mps2: float = 4.0
    jerk_mps3: float = 200.0
    controller_latency_s: float = 0.10
    camera_period_s: float = 0.05
    camera_latency_s: float = 0.05
    intrusion_m: float = 0.10
    sensor_m: float = 0.08
    robot_m: float = 0.06
    body_m: float = 0.30
    # One bound at every distance, so that people can be at it everywhere and no term hides behind another.
    human: HumanSpeed = HumanSpeed(far_mps=1.6, near_mps=1.6, near_m=0.5, acceleration_mps2=100.0)
    resume_after_s: float = 0.2
    rise_per_s: float = 2.0

    @property
    def steps(self) -> int:
        """Of each path."""
        return round(self.duration_s / self.step_s)

    @property
    def latency_steps(self) -> int:
        """Steps by which the robot is behind what it is told."""
        return round(self.controller_latency_s / self.step_s)

    @property
    def axis(self) -> AxisLimits:
        """Limits of the tip as the supervisor knows them."""
        return AxisLimits("tip", "m", -np.inf, np.inf, self.speed_mps, self.acceleration_mps2, self.jerk_mps3)

    @property
    def limits(self) -> ChannelLimits:
        """A channel of one axis."""
        return ChannelLimits(CommandKind.JOINT_POSITION, self.step_s, (self.axis,), {}, joint_indices=(0,))

    def as_json(self) -> dict[str, Any]:
        """All bounds."""
        return asdict(self)


@dataclass(frozen=True)
class Paths:
    """What chance decides about n paths; the same for every controller.

    Attributes:
        start_m: (n, 2) where people begin.
        heading: (n, 2) unit vector of those who walk past.
        speed_mps: (n,) walking speed, at most the bound.
        begin_s: (n,) they stand until then.
        leave_s: (n,) who comes to the robot turns away then.
        is_passing: (n,) walks straight past; else comes up to the tip wherever it is.
        camera_phase_s: (n,) of the pictures.
        intrusion_m, sensor_m, robot_m: (n,) errors, within their bounds.
        robot_phase: (n,) where the robot begins on its track, 0..1.
    """

    start_m: FloatArray
    heading: FloatArray
    speed_mps: FloatArray
    begin_s: FloatArray
    leave_s: FloatArray
    is_passing: Any
    camera_phase_s: FloatArray
    intrusion_m: FloatArray
    sensor_m: FloatArray
    robot_m: FloatArray
    robot_phase: FloatArray

    @property
    def count(self) -> int:
        """n."""
        return len(self.speed_mps)

    def part(self, rows: slice) -> Paths:
        """Some of them."""
        return Paths(**{name: values[rows] for name, values in vars(self).items()})


def draw_paths(world: ApproachWorld, count: int, seed: int) -> Paths:
    """Random paths: half come up to the tip, along its line or from the side, out of the distance or from a
    stand close by; half walk past at 0 to 2.5 m from its line. Half of all go at the bounds, the rest within.
    """
    random = np.random.default_rng(seed)
    is_passing = random.random(count) < 0.5
    angle = np.where(random.random(count) < 0.5, 0.0, random.uniform(-1.5, 1.5, count))
    far_m = world.track_m + world.body_m + random.uniform(0.8, 4.0, count)
    coming = np.stack([far_m * np.cos(angle), far_m * np.sin(angle)], axis=1)
    turn = random.uniform(0.0, 2.0 * np.pi, count)
    heading = np.stack([np.cos(turn), np.sin(turn)], axis=1)
    across = np.stack([-heading[:, 1], heading[:, 0]], axis=1)
    middle = np.array([0.5 * world.track_m, 0.0])
    offset_m = random.uniform(-2.5, 2.5, count)[:, np.newaxis]
    passing = middle + offset_m * across - random.uniform(1.0, 5.0, count)[:, np.newaxis] * heading
    start_m = np.where(is_passing[:, np.newaxis], passing, coming)
    is_bound = random.random(count) < 0.5

    def error(bound_m: float, lowest_m: float) -> FloatArray:
        return np.where(is_bound, bound_m, random.uniform(lowest_m, bound_m, count))

    return Paths(
        start_m=start_m,
        heading=heading,
        speed_mps=np.where(is_bound, world.human.far_mps, random.uniform(0.3, world.human.far_mps, count)),
        begin_s=random.uniform(0.0, 2.0, count),
        leave_s=random.uniform(2.0, 5.0, count),
        is_passing=is_passing,
        camera_phase_s=random.uniform(0.0, world.camera_period_s, count),
        intrusion_m=error(world.intrusion_m, 0.0),
        sensor_m=error(world.sensor_m, -world.sensor_m),
        robot_m=error(world.robot_m, -world.robot_m),
        robot_phase=random.random(count),
    )
