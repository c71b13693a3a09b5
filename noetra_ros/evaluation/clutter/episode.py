"""One episode: physics, the real supervisor core, and somebody who commands; judged by contacts."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

import numpy as np

from noetra_ros.core.config import load
from noetra_ros.core.types import Command, CommandKind
from noetra_ros.evaluation.clutter.drivers import Adversary, Driver, Honest
from noetra_ros.evaluation.clutter.scenes import ClutterScene
from noetra_ros.evaluation.clutter.seen import Seen
from noetra_ros.evaluation.fuzz.bounds import shipped_settings
from noetra_ros.evaluation.person_oracle import AT_REST_MPS
from noetra_ros.evaluation.seeds import choice_stream
from noetra_ros.robots.profile import RobotProfile
from noetra_ros.safety.assembly import assemble
from noetra_ros.safety.modes import Mode
from noetra_ros.safety.report import Decision
from noetra_ros.safety.settings import SupervisorSettings
from noetra_ros.sim.clutter_table import ClutterTable
from noetra_ros.sim.scene import CUBE_COLOURS
from noetra_ros.sim.task import TASKS, Judge

ADVERSARY_S = 10.0
TASK = "place"
# What tells of things and people; a supervisor without them still holds every limit of the joints.
SEEING_CHECKS = ("perception", "separation", "force_limit")
SEEING_BARRIERS = ("obstacles",)


@dataclass(frozen=True)
class ClutterEpisode:
    """What one episode came to.

    Attributes:
        scene: name.
        driver: ``adversary`` or ``honest``.
        is_guarded: the supervisor saw things and people.
        hit: link and box that touched first; empty = none.
        hit_s: s in which some link touched some box.
        touches: of the person by a link that moved towards them.
        has_succeeded: at the task; False for the adversary, which has none.
        time_s: simulated s.
        moved_rad: way of all joints together.
        stopped_share: of the time, in a protective stop.
        events: names of the barriers and checks that spoke, with counts.
    """

    scene: str
    driver: str
    is_guarded: bool
    hit: str
    hit_s: float
    touches: int
    has_succeeded: bool
    time_s: float
    moved_rad: float
    stopped_share: float
    events: dict[str, int]

    @property
    def has_collided(self) -> bool:
        """The arm met a box, or went at a person."""
        return bool(self.hit) or self.touches > 0


class ClutterRun:
    """Runs the episodes of one scene.

    Args:
        profile: the arm.
        scene: what stands around it.
        is_guarded: False = the supervisor sees nothing of things and people.
    """

    def __init__(self, profile: RobotProfile, scene: ClutterScene, is_guarded: bool) -> None:
        self._profile, self._scene, self._is_guarded = profile, scene, is_guarded
        self._world = ClutterTable(profile, scene.boxes)
        self._period_s = 1.0 / profile.channel().rate_hz
        self._steps = round(self._period_s / self._world.step_s)

    def adversary(self, seed: int) -> ClutterEpisode:
        """Somebody is after things and people for `ADVERSARY_S`."""
        self._world.reset(seed, "none", self._scene.person)
        return self._run("adversary", Adversary(self._profile, self._scene, seed), seed, None)

    def honest(self, seed: int) -> ClutterEpisode:
        """The scripted expert puts a cube into the bowl."""
        self._world.reset(seed)
        colour = str(choice_stream(seed).choice(CUBE_COLOURS))
        judge = Judge(TASKS.get(TASK), colour)
        return self._run("honest", Honest(self._profile, TASK, colour), seed, judge)

    def close(self) -> None:
        """Give the world's memory back."""
        self._world.close()

    def _run(self, name: str, driver: Driver, seed: int, judge: Judge | None) -> ClutterEpisode:
        world, watch = self._world, self._world.clutter
        watch.reset()
        gate = _Gate(self._profile, self._is_guarded)
        seen = Seen(world, self._scene, seed)
        while not gate.is_armed:
            gate.hear(world, seen)
            world.step(self._steps)
        begin_s, moved_rad = world.episode_s, 0.0
        limit_s = ADVERSARY_S if judge is None else judge.task.time_limit_s
        before = world.joint_state().positions
        while world.episode_s - begin_s < limit_s:
            gate.hear(world, seen)
            gate.command(world, driver.target(world, self._period_s))
            world.step(self._steps)
            now = world.joint_state().positions
            moved_rad += float(np.abs(now - before).sum())
            before = now
            truth = world.truth()
            if judge is not None and judge.update(truth):
                break
        person = world.person()
        touches = person.touches if person is not None else ()
        time_s = world.episode_s - begin_s
        return ClutterEpisode(
            scene=self._scene.name,
            driver=name,
            is_guarded=self._is_guarded,
            hit=watch.first,
            hit_s=watch.steps * world.step_s,
            touches=sum(touch.highest_mps > AT_REST_MPS for touch in touches),
            has_succeeded=judge is not None and judge.succeeded,
            time_s=time_s,
            moved_rad=moved_rad,
            stopped_share=gate.stopped_s / time_s,
            events=gate.events,
        )


class _Gate:
    """The supervisor core between a driver and the world, without ROS.

    Args:
        profile: the arm.
        is_guarded: it sees things and people.
    """

    def __init__(self, profile: RobotProfile, is_guarded: bool) -> None:
        channel = profile.channel()
        self._supervisor = assemble(profile, channel, _settings(is_guarded)).supervisor
        self._period_s = 1.0 / channel.rate_hz
        self.stopped_s = 0.0
        self.events: dict[str, int] = {}

    @property
    def is_armed(self) -> bool:
        """Commands may pass, or will when what stops them is gone."""
        return self._supervisor.report(0).is_armed

    def hear(self, world: ClutterTable, seen: Seen) -> None:
        """What has arrived by now."""
        now_ns, supervisor = world.time_ns, self._supervisor
        supervisor.on_joint_state(world.joint_state().positions, now_ns)
        scene = seen.arrived(now_ns)
        if scene is not None:
            supervisor.on_scene(scene, now_ns, (now_ns - scene.stamp_ns) * 1e-9)
        self._take(world, supervisor.tick(now_ns))
        if supervisor.mode is Mode.STANDBY:
            self._take(world, supervisor.arm(now_ns))

    def command(self, world: ClutterTable, target: Any) -> None:
        """A command of the driver."""
        command = Command(CommandKind.JOINT_POSITION, np.asarray(target, dtype=np.float64), world.time_ns)
        self._take(world, self._supervisor.on_command(command))
        if self._supervisor.mode is Mode.PROTECTIVE_STOP:
            self.stopped_s += self._period_s

    def _take(self, world: ClutterTable, decision: Decision) -> None:
        if decision.values is not None:
            world.set_joint_targets(decision.values)
        for event in decision.events:
            self.events[event.verdict.check] = self.events.get(event.verdict.check, 0) + 1


def _settings(is_guarded: bool) -> SupervisorSettings:
    """Those that ship, with perception; or without all that tells of things and people."""
    settings = load(SupervisorSettings, shipped_settings() | {"watch_people": True}, "clutter")
    if is_guarded:
        return settings
    return dataclasses.replace(
        settings,
        watch_people=False,
        checks=tuple(name for name in settings.checks if name not in SEEING_CHECKS),
        barriers=tuple(name for name in settings.barriers if name not in SEEING_BARRIERS),
    )
