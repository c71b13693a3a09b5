"""Judges the findings on sensors: frames until a lying camera is found out, false alarms of one that tells
the truth.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np

from noetra_ros.core.obstacles import SensorReport, SensorVerdict
from noetra_ros.core.types import FloatArray
from noetra_ros.evaluation.seeds import episode_seed
from noetra_ros.perception.examination import Examination
from noetra_ros.perception.frames import Pinhole
from noetra_ros.perception.gathering import CameraShot
from noetra_ros.robots.profile import RobotProfile
from noetra_ros.sim.camera_faults import CameraFault, FaultyCamera
from noetra_ros.sim.camera_noise import with_noise
from noetra_ros.sim.world import World

# What each simulated fault must be called.
EXPECTED = {
    "frozen": SensorVerdict.FROZEN,
    "black": SensorVerdict.BLACK,
    "late": SensorVerdict.SILENT,
    "moved": SensorVerdict.MOVED,
    "blurred": SensorVerdict.BLURRED,
    "stamp_jump": SensorVerdict.STAMP_JUMP,
    "depth_holes": SensorVerdict.DEPTH_HOLES,
}
PEOPLE = "random"
VARIATION = "eval"
GOAL_S = 1.5  # time between two goals of the arm
SPEED_SHARE = 0.5  # of the joints' speed limits
RANGE_SHARE = 0.6  # of the joints' ranges
WARM_UP_FRAMES = 40
LATEST_BEGIN_FRAMES = 20
PATIENCE_FRAMES = 30
EPISODE_FRAMES = 600
FALSE_ALARM_SEED = 1_000_000  # another row of seeds than that of the trials
NS_PER_S = 1e9


@dataclass(frozen=True)
class Trial:
    """One camera that began to lie.

    Attributes:
        kind: of the fault.
        seed: of the episode.
        frames: pictures due from the first that lied to the one at which it was called by its name;
            None = never.
        first: what it was called first, which may be something else that is true as well.
    """

    kind: str
    seed: int
    frames: int | None
    first: str


@dataclass
class Alarms:
    """What was said of cameras that told the truth.

    Attributes:
        frames: instants that were looked at.
        false: instants with a report that was not OK, by camera and verdict.
    """

    frames: int = 0
    false: dict[str, int] = field(default_factory=dict)


class SensorRig:
    """A simulated robot that moves among people, its cameras, and their examination. Time goes from frame to
    frame.

    Args:
        profile: the robot.
        world: its world.
        cameras: that are drawn and examined; all at one rate.
        make_examination: a new examination for each episode.
    """

    def __init__(
        self,
        profile: RobotProfile,
        world: World,
        cameras: tuple[str, ...],
        make_examination: Callable[[], Examination],
    ) -> None:
        self._profile, self._world, self._cameras = profile, world, cameras
        self._make_examination = make_examination
        self.period_s = 1.0 / profile.cameras[cameras[0]].rate_hz
        self._lenses = {name: _pinhole(world, name) for name in cameras}

    def episode(self, seed: int) -> Iterator[tuple[SensorReport, ...]]:
        """Reports of one frame after another, without end; `lie` changes what comes."""
        self._random = np.random.default_rng(seed)
        self._world.reset(seed, VARIATION, PEOPLE)
        self._examination = self._make_examination()
        self._lies = {name: FaultyCamera() for name in self._cameras}
        self._target, self._goal = self._positions(), self._draw_goal()
        frame = 0
        while True:
            if frame % round(GOAL_S / self.period_s) == 0:
                self._goal = self._draw_goal()
            self._move()
            yield self._look()
            frame += 1

    def lie(self, camera: str, fault: CameraFault) -> None:
        """From its next picture on."""
        self._lies[camera].set(fault)
        self._world.displace_camera(camera, *fault.displacement())

    def _look(self) -> tuple[SensorReport, ...]:
        now_ns = self._world.time_ns
        self._examination.add_joints(self._world.joint_state())
        for name in self._cameras:
            camera = self._profile.cameras[name]
            picture = with_noise(self._world.render(name), name, camera, now_ns)
            for shown, stamp_ns in self._lies[name].pass_on(picture, now_ns):
                depth_m, lens = (shown.depth_m, self._lenses[name]) if camera.has_depth else (None, None)
                self._examination.add_shot(CameraShot(name, stamp_ns, now_ns, shown.rgb, depth_m, lens))
        return self._examination.reports(now_ns)

    def _move(self) -> None:
        """A period of physics on the way to the goal."""
        limits = self._profile.joints.values()
        steps = round(self.period_s / self._world.step_s)
        most = SPEED_SHARE * self._world.step_s * np.array([limit.velocity_radps for limit in limits])
        for _ in range(steps):
            self._target = self._target + np.clip(self._goal - self._target, -most, most)
            self._world.set_joint_targets(self._target)
            self._world.step()

    def _draw_goal(self) -> FloatArray:
        ranges = [(limit.lower_rad, limit.upper_rad) for limit in self._profile.joints.values()]
        lower, upper = RANGE_SHARE * np.array(ranges).T
        goal: FloatArray = self._random.uniform(lower, upper)
        return goal

    def _positions(self) -> FloatArray:
        return self._world.joint_state().positions


def run_trial(rig: SensorRig, camera: str, kind: str, seed: int) -> Trial:
    """Let one camera lie at a random frame; count until it is found out."""
    random = np.random.default_rng([seed, len(kind)])
    begin = WARM_UP_FRAMES + int(random.integers(LATEST_BEGIN_FRAMES))
    first = ""
    for frame, reports in enumerate(rig.episode(seed)):
        if frame + 1 == begin:
            rig.lie(camera, CameraFault(kind, seed=seed))
        lied = frame + 1 - begin
        verdict = next(report.verdict for report in reports if report.sensor == camera)
        if lied > 0 and verdict is not SensorVerdict.OK:
            first = first or verdict.name
        if lied > 0 and verdict is EXPECTED[kind]:
            rig.lie(camera, CameraFault())
            return Trial(kind, seed, lied, first)
        if lied >= PATIENCE_FRAMES:
            break
    rig.lie(camera, CameraFault())
    return Trial(kind, seed, None, first)


def count_false_alarms(
    rig: SensorRig, frames: int, seed: int, on_frame: Callable[[], None] = lambda: None
) -> Alarms:
    """Reports of cameras that tell the truth, over episodes of a minute each."""
    alarms = Alarms()
    number = 0
    while alarms.frames < frames:
        episode = rig.episode(episode_seed(FALSE_ALARM_SEED + seed, number))
        for _, reports in zip(range(min(EPISODE_FRAMES, frames - alarms.frames)), episode, strict=False):
            alarms.frames += 1
            on_frame()
            for report in reports:
                if report.verdict is not SensorVerdict.OK:
                    key = f"{report.sensor} {report.verdict.name.lower()}"
                    alarms.false[key] = alarms.false.get(key, 0) + 1
        number += 1
    return alarms


def _pinhole(world: World, camera: str) -> Pinhole:
    lens = world.intrinsics(camera)
    return Pinhole(float(lens.fx_px), float(lens.fy_px), float(lens.cx_px), float(lens.cy_px))
