"""The arm and things that perception sees: it stays out of all but those that it may touch."""

import dataclasses

import coal
import numpy as np
import pytest
from obstacles_around import obstacle, scene
from supervised import SETTINGS, WATCHING

from noetra_ros.core.obstacles import ObstacleKind, Shape
from noetra_ros.robots.link_hulls import LinkHulls
from noetra_ros.robots.profile import load_robot
from noetra_ros.safety.barriers import obstacles
from noetra_ros.safety.limits import channel_limits
from noetra_ros.safety.motion import ChannelMotion
from noetra_ros.safety.projection.barrier import Body, barrier_registry
from noetra_ros.safety.projection.projection import build_projection

ARM = load_robot("so101")
LIMITS = channel_limits(ARM, ARM.channel())
AVOIDING = dataclasses.replace(WATCHING, touch_labels=("cup", "tray"))
HULLS = LinkHulls(ARM)
POST = {"kind": ObstacleKind.FIXTURE, "shape": Shape.BOX, "size_m": (0.06, 0.06, 0.3), "labels": ("post",)}
PLACE_M = np.array([0.21, 0.0, 0.15])


def stretched(pan):
    """The arm reaches forward, low, towards the side `pan`, rad."""
    return np.array([pan, 0.2, 0.2, 0.6, 0.0, 0.3])


def gap_m(positions, place_m=PLACE_M, edges_m=POST["size_m"]):
    """Between moving links and a post, link by link."""
    HULLS.place(positions)
    at, box = coal.Transform3s(np.eye(3), place_m), coal.Box(*edges_m)
    return min(
        HULLS.gap_to(row, box, at).room_m for row, link in enumerate(HULLS.links) if link != "base_link"
    )


class Driven:
    """The arm under its axis limits and the barrier."""

    def __init__(self, settings=AVOIDING, start=1.2):
        self.motion = ChannelMotion(LIMITS)
        self.motion.start_at(stretched(start))
        self.projection = build_projection(["obstacles"], ARM, ARM.channel(), LIMITS, settings)
        self.held = set()

    def step(self, wanted):
        """One command; gives where the arm is told to be."""
        proposed = self.motion.propose(tuple(wanted), (0.0,) * 6, 1.0)
        answer = self.projection.apply(self.motion, proposed, 1.0, np.array(self.motion.positions()))
        self.held |= {held.name for held in answer.held}
        self.motion.commit(answer.values)
        return np.array(answer.values)

    def sweep(self, *things, steps=300):
        """Towards the other side; gives the smallest gap to the post on the way, and the last posture."""
        self.projection.see(scene(*things))
        postures = [self.step(stretched(-1.2)) for _ in range(steps)]
        return min(map(gap_m, postures)), postures[-1]


def test_a_sweep_ends_before_a_thing_by_the_margin_and_names_both():
    arm = Driven()
    least_m, last = arm.sweep(obstacle(PLACE_M, **POST))
    assert AVOIDING.obstacle_margin_m - 1e-5 < least_m < AVOIDING.obstacle_margin_m + 0.02
    assert last[0] > 0.0 and any("and post 7" in name for name in arm.held)


@pytest.mark.parametrize(
    ("change", "is_met"),
    [
        ({"labels": ("cup",)}, True),  # it may be touched
        ({"labels": ("cup", "tray")}, True),
        ({"labels": ("cup", "vase")}, False),  # in a heap with one that may not be
        ({"labels": ()}, False),
        ({"kind": ObstacleKind.OBJECT, "labels": ("vase",)}, False),
        ({"kind": ObstacleKind.PERSON}, True),  # the check separation has stopped long before
        ({"kind": ObstacleKind.UNKNOWN, "labels": ()}, True),
    ],
)
def test_what_is_kept_away_from(change, is_met):
    least_m, _ = Driven().sweep(obstacle(PLACE_M, **{**POST, **change}))
    assert (least_m < 0.0) is is_met


def test_a_thing_that_was_taken_away_is_in_the_way_no_more():
    arm = Driven()
    arm.sweep(obstacle(PLACE_M, **POST))
    assert arm.sweep()[1][0] == pytest.approx(-1.2, abs=0.01)


def test_a_thing_that_is_put_down_before_a_moving_arm_stops_it():
    """Where it can still brake; far from it nothing is measured, so the first look has to count."""
    arm = Driven()
    arm.projection.see(scene())
    for _ in range(20):
        arm.step(stretched(-1.2))
    assert abs(arm.motion.velocity()[0]) > 1.0
    least_m, _ = arm.sweep(obstacle(PLACE_M, **POST))
    assert least_m > 0.0


def test_of_many_things_each_one_counts():
    crowd = [obstacle((-1.0, 0.1 * k, 0.5), **{**POST, "track_id": k}) for k in range(25)]
    arm = Driven()
    least_m, _ = arm.sweep(*crowd, obstacle(PLACE_M, **POST))
    assert least_m > 0.0 and any(name.endswith("post 7") for name in arm.held)


def test_a_flat_patch_is_a_thing_too():
    """Seen edge-on: no thickness."""
    edges_m = (0.0, 0.1, 0.3)
    arm = Driven()
    arm.projection.see(scene(obstacle(PLACE_M, **{**POST, "size_m": edges_m})))
    for _ in range(300):
        assert gap_m(arm.step(stretched(-1.2)), edges_m=(1e-4, 0.1, 0.3)) > 0.0


def test_what_is_far_is_told_nearer_than_it_is_but_not_farther(monkeypatch):
    crowd = [obstacle((0.2 * k, 0.3 - 0.1 * k, 0.1), **{**POST, "track_id": k}) for k in range(8)]
    barrier, draw = barrier_registry.get("obstacles")(Body(ARM, AVOIDING)), np.random.default_rng(3)
    barrier.see(scene(*crowd))
    rows = list(range(len(barrier.reach)))
    for _ in range(20):
        positions = draw.uniform(stretched(-1.5), stretched(1.5) + 0.5)
        monkeypatch.setattr(obstacles, "FAR_M", np.inf)
        exact_m = barrier.room(positions, rows)
        monkeypatch.setattr(obstacles, "FAR_M", 0.3)
        told_m = barrier.room(positions, rows)
        assert (told_m <= exact_m + 1e-9).all() and (told_m < exact_m - 1e-3).any()
        is_near = exact_m < 0.3 - AVOIDING.obstacle_margin_m
        assert told_m[is_near] == pytest.approx(exact_m[is_near])


def test_nobody_tells_what_is_there():
    assert build_projection(["obstacles"], ARM, ARM.channel(), LIMITS, SETTINGS) is None


def test_an_orientation_without_length_is_an_error():
    arm = Driven()
    with pytest.raises(ValueError, match="unit quaternion"):
        arm.projection.see(scene(obstacle(PLACE_M, **{**POST, "quat_xyzw": (0, 0, 0, 0)})))
