"""One random episode: a world around the supervisor that is played period by period, all from one seed."""

from __future__ import annotations

from random import Random

import numpy as np

from noetra_ros.evaluation.fuzz.commands import STYLES, CommandSource, as_command
from noetra_ros.evaluation.fuzz.disturbances import Schedule, plan
from noetra_ros.evaluation.fuzz.hand import follow_twist
from noetra_ros.evaluation.fuzz.overhangs import Overhangs
from noetra_ros.evaluation.fuzz.record import (
    EMERGENCY_STOP,
    FAULT,
    PASSING,
    PROTECTIVE_STOP,
    STANDBY,
    Call,
    Record,
)
from noetra_ros.evaluation.fuzz.rig import Rig
from noetra_ros.evaluation.fuzz.room import Track, draw_room, has_room, scan_of
from noetra_ros.evaluation.fuzz.setup import PEOPLE_VARIANTS, THINGS_VARIANT, Setup
from noetra_ros.evaluation.fuzz.tool import tool_chain
from noetra_ros.evaluation.fuzz.trajectories import draw_trajectory
from noetra_ros.evaluation.fuzz.visitors import Visitors

START_NS = 10**12
SCENE_PERIODS = 10


class Episode:
    """Plays one episode.

    Args:
        setup: what is fuzzed.
        seed: all that is random comes from it.
        periods: length.
    """

    def __init__(self, setup: Setup, seed: int, periods: int) -> None:
        self._random = random = Random(seed)
        self._rig, self._bounds, self._periods = Rig(setup), setup.bounds, periods
        self._has_people = setup.variant in PEOPLE_VARIANTS
        self._has_things = setup.variant == THINGS_VARIANT
        self._schedule = Schedule(plan(random, periods, self._has_people or self._has_things))
        self._visitors = Visitors(random, setup.profile.base_frame)
        self._room, self._track, self._has_room = (
            draw_room(random, setup.bounds),
            Track(),
            has_room(setup.bounds),
        )
        self._overhangs = Overhangs(random, setup.profile.base_frame, self._room, self._has_things)
        self._rig.recorder.room = self._room
        self._chain = tool_chain(setup.bounds) if setup.bounds.is_tool_twist else None
        self._now_ns = START_NS
        self._ros_ns = START_NS
        self._joints = self._first_posture()
        self._source = CommandSource(setup.bounds, random, "hold", self._reference())
        self._style_ends, self._style_begin, self._next_trajectory = 0, 0, 0
        self._is_estop_down = False
        self._patience = random.choice((3, 10, 40))  # periods between a person's attempts
        self._is_latched_since = 0

    def play(self) -> Record:
        """All periods."""
        for period in range(self._periods):
            self._schedule.go_to(period)
            self._now_ns += self._step_ns()
            self._ros_ns += round(self._bounds.period_s * 1e9)
            self._sense(period)
            self._disturb()
            self._operate(period)
            if "ticks_late" not in self._schedule.now or self._random.random() < 0.2:
                self._rig.tick(self._now_ns)
            self._command(period)
            self._follow()
        return self._rig.record()

    def _step_ns(self) -> int:
        """The period with jitter; now and then a gap, or (clock_back) a step back."""
        random, period_ns = self._random, self._bounds.period_s * 1e9
        if "clock_back" in self._schedule.begun:
            return -round(random.choice((1e-3, 0.1, 3.0)) * 1e9)
        if random.random() < 0.002:
            return round(period_ns * random.choice((3.0, 15.0)))
        return round(period_ns * random.choice((1.0, 1.0, 1.0, random.uniform(0.6, 1.4))))

    def _first_posture(self) -> np.ndarray:
        """(j,) most often well inside; some begin outside a limit."""
        random, profile = self._random, self._bounds.profile
        posture = []
        for limits in profile.joints.values():
            middle, half = (
                0.5 * (limits.upper_rad + limits.lower_rad),
                0.5 * (limits.upper_rad - limits.lower_rad),
            )
            share = random.uniform(-0.5, 0.5) if random.random() < 0.97 else random.uniform(-1.05, 1.05)
            posture.append(middle + share * half)
        home = profile.sim.home if profile.sim is not None else {}
        if random.random() < 0.7:
            posture = [home.get(name, at) for name, at in zip(profile.joint_names, posture, strict=True)]
        return np.array(posture)

    def _reference(self) -> np.ndarray:
        """(d,) what a source of commands goes on from."""
        if not self._bounds.is_position:
            return np.zeros(len(self._bounds.names)) if self._rig.sent is None else self._rig.sent
        return self._joints[list(self._bounds.joints_at)]

    def _last_sent(self) -> np.ndarray:
        """(d,) what a sender of trajectories takes as their begin."""
        return self._reference() if self._rig.sent is None else self._rig.sent

    def _sense(self, period: int) -> None:
        """State streams, heartbeats, e-stop sources, trust, clock, scenes."""
        now, random, rig, names = self._now_ns, self._random, self._rig, self._schedule.now
        for index, stream in enumerate(rig.streams):
            if stream == "joint_states":
                self._sense_joints()
            elif "stream_silent" not in names or index != 0:
                self._sense_stream(index, random.choice((0.0, 0.0, 0.02, 0.1)))
        if self._bounds.sources("heartbeat_sources") and period % 4 == 0:
            for index in range(len(rig.heartbeats)):
                if "heartbeat_silent" not in names or index != 0:
                    rig.heartbeat(index, now)
        if len(rig.estops) > 1 and period % 5 == 0:
            for index in range(1, len(rig.estops)):
                if "chain_silent" not in names or index != 1:
                    rig.estop(index, "estop_pressed" in names and index == 2, now)
        if (
            "policy_trust" in self._bounds.settings["checks"]
            and period % 10 == 0
            and "trust_silent" not in names
        ):
            low, slow, nan = (name in names for name in ("trust_low", "trust_slow", "trust_nan"))
            rig.trust(
                float("nan") if nan else 0.003 if low else 0.02 if slow else random.uniform(0.06, 1.0), now
            )
        rig.ros_clock(self._ros_ns, now)
        if self._has_people or self._has_things:
            self._sense_around(period)

    def _sense_stream(self, index: int, delay_s: float) -> None:
        if self._has_room and self._rig.streams[index] == "scan":
            place, yaw = self._track.at(self._now_ns - round(delay_s * 1e9))
            scan = scan_of(self._overhangs.seen_by_scanner, place, yaw)
            self._rig.scan(index, scan, self._now_ns, delay_s)
        else:
            self._rig.stream(index, self._now_ns, delay_s)

    def _sense_joints(self) -> None:
        random, names = self._random, self._schedule.now
        if "joints_silent" in names:
            return
        measured = self._joints + np.array([random.gauss(0.0, 1e-4) for _ in self._joints])
        if "joints_noisy" in names:
            measured = measured + np.array([random.gauss(0.0, 0.05) for _ in self._joints])
        if "joints_jump" in self._schedule.begun:
            self._joints = measured = measured + np.array([random.gauss(0.0, 0.3) for _ in self._joints])
        if "joints_nan" in names and random.random() < 0.3:
            measured[random.randrange(len(measured))] = float("nan")
        delay_s = (
            random.uniform(0.05, 0.3) if "joints_old" in names else random.choice((0.0, 0.0, 0.004, -0.001))
        )
        self._rig.joints(measured, self._now_ns, delay_s, self._joints)

    def _sense_around(self, period: int) -> None:
        """People, and what a scanner does not see, as perception tells them."""
        now, random, names, visitors = self._now_ns, self._random, self._schedule.now, self._visitors
        if {"person", "person_still"} & self._schedule.begun:
            is_passing_by = "person_still" in self._schedule.begun
            visitors.come(random.choice((0.9, 1.3) if is_passing_by else (0.15, 0.3, 0.45, 0.6, 0.8)))
        if {"person", "person_still"} & self._schedule.ended:
            visitors.leave()
        visitors.walk(self._bounds.period_s)
        if period % SCENE_PERIODS or "scene_silent" in names:
            return
        if "scene_unreadable" in names:
            self._rig.unreadable(now)
            return
        delay_s = -0.1 if "scene_ahead" in names else random.choice((0.0, 0.03, 0.1))
        stamp_ns = now - round(delay_s * 1e9)
        health = "no_sensors" not in names, "sensor_bad" in names
        scene = visitors.scene(stamp_ns, *health)
        if self._has_things:
            twist = np.zeros(3) if self._rig.sent is None else self._rig.sent
            scene = self._overhangs.scene(*self._track.at(stamp_ns), twist, stamp_ns, *health)
        self._rig.scene(scene, now, delay_s)

    def _disturb(self) -> None:
        """What happens once, at the begin or the end of a disturbance."""
        now, rig, names, begun, ended = (
            self._now_ns, self._rig, self._schedule.now, self._schedule.begun, self._schedule.ended
        )  # fmt: skip
        if "estop_pressed" in begun or ("estop_bounces" in names and self._random.random() < 0.3):
            rig.estop(0, True, now)
        if "estop_pressed" in ended or ("estop_bounces" in names and self._random.random() < 0.5):
            rig.estop(0, False, now)
        if "estop_bounces" in ended:
            rig.estop(0, False, now)
        if "estop_called" in begun:
            rig.request(Call.ESTOP_CALL, now)
        if {"writer"} & (begun | ended):
            rig.writers("writer" in names, now)
        if {"reduced"} & (begun | ended):
            rig.reduce("reduced" in names, now)
        if "ros_back" in begun:
            self._ros_ns -= round(self._random.choice((1e-3, 1.0)) * 1e9)
        for name, call in (("disarm", Call.DISARM), ("arm_again", Call.ARM), ("reset_in_motion", Call.RESET)):
            if name in begun:
                rig.request(call, now)

    def _operate(self, period: int) -> None:
        """A person who arms again and again, and now and then at a bad moment."""
        rig, now = self._rig, self._now_ns
        if period % self._patience:
            return
        if rig.mode == STANDBY:
            rig.request(Call.ARM, now)
        elif rig.mode in (EMERGENCY_STOP, FAULT):
            rig.request(Call.RESET, now)
        elif rig.mode == PROTECTIVE_STOP and not self._bounds.settings["resumes_by_itself"]:
            if self._random.random() < 0.05:
                rig.request(Call.DISARM, now)
        elif self._random.random() < 0.003:
            rig.request(self._random.choice((Call.ARM, Call.RESET, Call.DISARM)), now)

    def _command(self, period: int) -> None:
        random, rig = self._random, self._rig
        if period >= self._style_ends:
            (style,) = random.choices(list(STYLES), list(STYLES.values()))
            if style == "trajectory" and not self._bounds.is_position and random.random() < 0.9:
                style = "smooth"
            longest = {"pause": 15, "not_a_number": 15, "wrong_form": 15, "trajectory": 500}.get(style, 120)
            self._style_begin, self._style_ends = period, period + random.randrange(3, longest)
            self._source = CommandSource(self._bounds, random, style, self._reference())
            self._next_trajectory = period
        if self._source.style == "trajectory" and period == self._next_trajectory:
            self._next_trajectory = period + random.randrange(20, 250 if rig.mode in PASSING else 60)
            rig.trajectory(*draw_trajectory(self._bounds, random, self._last_sent(), self._now_ns))
        for i, values in enumerate(self._source.values(period - self._style_begin + 1)):
            at_ns = self._now_ns + i * 1_000
            old = "commands_old" in self._schedule.now
            mixed = "commands_mixed" in self._schedule.now
            delay_s = 0.15 if old else random.choice((0.0, 0.05, 0.09, -0.01)) if mixed else 0.0
            rig.command(as_command(values, self._bounds, random, self._source.style, at_ns), delay_s)
            self._now_ns = at_ns
            if rig.mode in PASSING and random.random() < 0.01:
                rig.tick(at_ns)

    def _follow(self) -> None:
        """The robot does what it is told, a little late, or sticks."""
        sent, axes = self._rig.sent, list(self._bounds.joints_at)
        if sent is not None and self._has_room:
            self._track.go(sent, self._now_ns)
        if sent is not None and self._chain is not None and "joints_stuck" not in self._schedule.now:
            self._joints = follow_twist(self._chain, self._bounds, self._joints, sent)
        if sent is None or not axes or "joints_stuck" in self._schedule.now:
            return
        if self._bounds.is_position:
            self._joints[axes] += 0.5 * (sent - self._joints[axes])
        else:
            self._joints[axes] += sent * self._bounds.period_s
