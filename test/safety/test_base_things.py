"""Property: after what the check lets pass, the base can still stop before what perception told."""

import dataclasses
import math

import numpy as np
import pytest
from obstacles_around import NOW_NS, scene
from scanning_base import CHECKS, CIRCLE, LONG, around
from supervised import SETTINGS, Supervised
from told_base import BASE, STILL, judge, thing

from noetra_ros.core.obstacles import ObstacleKind, Shape
from noetra_ros.safety.check import build_checks
from noetra_ros.safety.modes import Mode
from noetra_ros.safety.settings import check_values
from noetra_ros.safety.supervisor import Supervisor
from noetra_ros.safety.verdict import Action

REACTION_S, FULL_MPS2 = 0.1, 1.0


def rims(outline):
    """(n,) complex: a dense rim of the base, by corners and angles."""
    corners = np.array(outline.corners_m) @ [1.0, 1j]
    along = np.linspace(0.0, 1.0, 41)[:, None]
    edges = (corners + along * (np.roll(corners, -1) - corners)).ravel()
    return (edges[:, None] + outline.radius_m * np.exp(1j * np.linspace(0, 2 * np.pi, 48))).ravel()


def is_touched(points, box, at, yaw):
    """Whether any of complex points lies in a box (half edges) around `at`, turned by `yaw`."""
    inside = (points - at) * np.exp(-1j * yaw)
    return bool(((np.abs(inside.real) <= box[0]) & (np.abs(inside.imag) <= box[1])).any())


@pytest.mark.parametrize("seed", range(300))
def test_what_passes_leaves_room_for_the_shortest_stop(seed):
    """The base goes on for its reaction time and brakes at v / a on its arc; the thing goes on as told, over
    ground. No thing is entered by a stop that is shorter than every real one.
    """
    rng = np.random.default_rng(seed)
    outline = CIRCLE if seed % 2 else LONG
    twist = (rng.uniform(-0.6, 0.6), 0.0, rng.uniform(-1.0, 1.0) * (seed % 3 > 0))
    half, yaw = rng.uniform(0.03, 0.4, 2), rng.uniform(-3.0, 3.0)
    at = complex(*rng.uniform(-1.3, 1.3, 2))
    speed = complex(*rng.uniform(-0.6, 0.6, 2)) * (seed % 4 > 0)
    points = rims(outline)
    if is_touched(points, half + 0.05, at, yaw):
        at = at / abs(at) * 1.6
    box = thing(
        (at.real, at.imag, 0.4), (*(2.0 * half), 0.1), kind=ObstacleKind.OBJECT,
        quat_xyzw=(0.0, 0.0, math.sin(yaw / 2), math.cos(yaw / 2)),
        velocity_mps=(speed.real, speed.imag, 0.0),
    )  # fmt: skip
    limits = dataclasses.replace(BASE, footprint=outline)
    if judge(twist, box, sent=twist, limits=limits, age_s=0.0).action is not Action.PASS:
        return
    place, heading, share, dt_s = 0j, 0.0, 1.0, 0.005
    stop_s = max(abs(twist[0]) / FULL_MPS2, abs(twist[2]) / 3.0)
    for step in range(round((REACTION_S + stop_s) / dt_s)):
        share = min(1.0, max(0.0, 1.0 - (step * dt_s - REACTION_S) / max(stop_s, 1e-9)))
        place += share * twist[0] * dt_s * np.exp(1j * heading)
        heading += share * twist[2] * dt_s
        rim = place + points * np.exp(1j * heading)
        now_at = at + speed * step * dt_s
        stands = is_touched(points, half, now_at, yaw)  # it would come into a base that stands as well
        assert stands or not is_touched(rim, half, now_at, yaw), (seed, step)


class ToldBase(Supervised):
    """A base that drives among boxes which its scanner does not see; perception tells of them five times a
    second, 0.1 s late, with the speed that they seem to have.
    """

    def __init__(self, boxes, outline=CIRCLE, telling=True):
        limits = dataclasses.replace(BASE, footprint=outline, stream_max_age_s={"odom": 0.2, "scan": 0.35})
        super().__init__(limits, STILL)
        settings = dataclasses.replace(SETTINGS, checks=(*CHECKS, "perception"), watch_obstacles=True)
        built = build_checks(settings.checks, check_values(settings), limits)
        self.supervisor = Supervisor(limits, built.running, settings)
        self.boxes, self.telling, self.count = boxes, telling, 0
        self.trail = [(0j, 0.0)]

    def step(self, values=None):
        vx, vy, wz = self.sent[-1] if self.sent else STILL
        place, heading = self.trail[-1]
        place += complex(vx, vy) * np.exp(1j * (heading + 0.01 * wz)) * 0.02
        self.trail.append((place, heading + 0.02 * wz))
        self.count += 1
        now_ns = self.now_ns + 20_000_000
        if self.telling and self.count % 10 == 1:
            self.supervisor.on_scene(self._scene(now_ns), now_ns, 0.1)
        self.supervisor.on_scan("scan", around(), now_ns)
        return super().step(values)

    def _scene(self, now_ns):
        place, heading = self.trail[max(0, len(self.trail) - 6)]
        before, _ = self.trail[max(0, len(self.trail) - 11)]
        seen = []
        for index, (at, half, yaw) in enumerate(self.boxes):
            middle = (at - place) * np.exp(-1j * heading)
            apparent = -(place - before) / 0.1 * np.exp(-1j * heading)
            turn = yaw - heading
            seen.append(
                thing(
                    (middle.real, middle.imag, 0.7), (*(2.0 * half), 0.04), kind=ObstacleKind.UNKNOWN,
                    track_id=index, velocity_mps=(apparent.real, apparent.imag, 0.0), labels=(),
                    quat_xyzw=(0.0, 0.0, math.sin(turn / 2), math.cos(turn / 2)),
                    seen_ns=now_ns - 100_000_000,
                )
            )  # fmt: skip
        return scene(*seen, stamp_ns=now_ns - 100_000_000)


def test_before_a_table_top_it_slows_down_and_stands_before_it_touches():
    base = ToldBase([(2.0 + 0j, np.array([0.5, 0.5]), 0.0)])
    base.step()
    base.start()
    base.hold((0.6, 0.0, 0.0), 500)
    speeds = np.array(base.sent)[:, 0]
    nose_m = np.array([place.real for place, _ in base.trail]) + 0.2
    assert speeds.max() == pytest.approx(0.6) and base.supervisor.mode is Mode.ACTIVE
    assert 0.05 < speeds[np.searchsorted(nose_m[-len(speeds) :], 1.2)] < 0.55, "on the way it is slow"
    assert speeds[-1] < 0.01 and 1.25 < nose_m[-1] < 1.5 - 0.03
    clamps = [event.verdict for event in base.events if event.verdict.check == "footprint"]
    assert {verdict.subject for verdict in clamps} == {"unknown 0"}
    base.hold((-0.3, 0.0, 0.0), 60)
    assert base.sent[-1][0] == -0.3


@pytest.mark.parametrize("seed", range(12))
def test_whatever_is_commanded_it_touches_no_box_that_perception_sees(seed):
    rng = np.random.default_rng(seed)
    outline = CIRCLE if seed % 2 else LONG
    boxes = [
        (
            rng.uniform(1.0, 2.0) * np.exp(1j * rng.uniform(-3.1, 3.1)),
            rng.uniform(0.02, 0.2, 2),
            rng.uniform(0, 3),
        )
        for _ in range(5)
    ]
    base = ToldBase(boxes, outline)
    base.step()
    base.start()
    points = rims(outline)
    for _ in range(25):
        twist = (rng.uniform(-0.6, 0.6), 0.0, rng.choice([0.0, rng.uniform(-1.5, 1.5)]))
        for _ in range(20):
            base.step(twist)
            place, heading = base.trail[-1]
            rim = place + points * np.exp(1j * heading)
            assert not any(is_touched(rim, half, at, yaw) for at, half, yaw in boxes), seed
    ways = np.abs(np.diff([place for place, _ in base.trail]))
    assert ways.sum() > 0.3, "it does drive"


def test_perception_that_falls_silent_or_speaks_nonsense_stops_the_base():
    base = ToldBase([])
    base.step()
    base.start()
    base.hold((0.3, 0.0, 0.0), 40)
    assert base.sent[-1][0] == 0.3
    base.telling = False
    base.hold((0.3, 0.0, 0.0), 60)
    assert base.supervisor.mode is Mode.PROTECTIVE_STOP and base.sent[-1][0] == 0.0
    assert "s old" in base.supervisor.report(base.now_ns).reason
    base.telling = True
    base.hold((0.3, 0.0, 0.0), 150)
    assert base.supervisor.mode is Mode.ACTIVE
    base.telling = False
    base.supervisor.on_unreadable_scene("obstacle pose or size holds NaN or infinity")
    base.hold((0.3, 0.0, 0.0), 5)
    assert "NaN" in base.supervisor.report(base.now_ns).reason


def test_without_a_word_of_perception_it_cannot_be_armed():
    base = ToldBase([], telling=False)
    base.step()
    refusal = base.supervisor.arm(base.now_ns).refusal
    assert "perception was never heard" in refusal and "what is around the base is not known" in refusal


def test_a_thing_holds_no_number_that_is_none():
    with pytest.raises(ValueError, match="NaN"):
        thing((1.0, 0.0, 0.1), (math.nan, 0.1, 0.1))
    assert thing((1.0, 0.0, 0.1), shape=Shape.BOX).seen_ns == NOW_NS
