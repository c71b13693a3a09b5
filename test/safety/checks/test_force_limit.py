import dataclasses
import math

import numpy as np
import pytest
from made_snapshots import PEOPLE, TWO_JOINTS
from obstacles_around import WATCHING, obstacle, with_people

from noetra_ros.core.errors import ConfigError
from noetra_ros.safety.checks.force_limit import ForceLimit
from noetra_ros.safety.people_settings import ContactSettings
from noetra_ros.safety.verdict import Action

SETTINGS = {field.name: PEOPLE[field.name] for field in dataclasses.fields(ContactSettings)}
CHECK = ForceLimit(**SETTINGS)
NEAR, FAR = obstacle((0.55, 0.0, 0.3)), obstacle((2.0, 0.0, 0.3))
CASES = {
    "nobody": ([], {}, Action.PASS),
    "far": ([FAR], {}, Action.PASS),
    "near": ([NEAR], {}, Action.SLOW),
    "NaN joints": ([FAR], {"joint_positions": np.full(6, math.nan)}, Action.STOP),
    "no scene": ([], {"scene": None}, Action.STOP),
    "no joints": ([], {"joint_positions": None}, Action.STOP),
}


@pytest.mark.parametrize(("people", "changes", "expected"), CASES.values(), ids=CASES)
def test_table(people, changes, expected):
    assert CHECK.evaluate(with_people(*people, **changes)).action is expected


def test_no_near_link_moves_faster_than_contact_allows():
    verdict = CHECK.evaluate(with_people(NEAR))
    proximity = WATCHING.body.measure(with_people(NEAR).scene, with_people().joint_positions)
    near = proximity.distance_m <= 0.1
    fastest = verdict.scale * (proximity.reach @ np.array(WATCHING.column("velocity")))[near].max()
    assert fastest == pytest.approx(CHECK.limit_mps(WATCHING.body.capsules.moving_kg)[0])


def test_a_region_that_may_not_be_hit_stops():
    strict = dataclasses.replace(CHECK, contact_regions=("hand_and_fingers", "face"))
    verdict = strict.evaluate(with_people(NEAR))
    assert (verdict.action, verdict.subject) == (Action.STOP, "face")


@pytest.mark.parametrize("regions", [(), ("tail",)])
def test_unknown_or_no_regions_are_start_up_errors(regions):
    with pytest.raises(ConfigError, match="contact_regions"):
        dataclasses.replace(CHECK, contact_regions=regions)


def test_only_watched_robots_are_judged():
    assert "watch_people" in CHECK.unmet(TWO_JOINTS)


def test_what_is_not_known_leaves_no_speed_to_go_on_from():
    assert CHECK.evaluate(with_people(scene=None)).scale == 0.0
    strict = dataclasses.replace(CHECK, contact_regions=("face",))
    verdict = strict.evaluate(with_people(NEAR))
    assert (verdict.scale, verdict.limit, verdict.unit) == (0.0, 0.0, "m/s")


def test_an_arm_that_is_slow_enough_for_contact_is_not_slowed():
    creeping = dataclasses.replace(
        WATCHING, axes=tuple(dataclasses.replace(axis, velocity=1e-3) for axis in WATCHING.axes)
    )
    assert CHECK.evaluate(with_people(NEAR, limits=creeping)).action is Action.PASS
    still = dataclasses.replace(
        WATCHING, axes=tuple(dataclasses.replace(axis, velocity=0.0) for axis in WATCHING.axes)
    )
    assert CHECK.evaluate(with_people(NEAR, limits=still)).action is Action.PASS


def test_who_is_on_the_distance_is_near():
    instant = with_people(NEAR)
    nearest_m = float(WATCHING.body.measure(instant.scene, instant.joint_positions).distance_m.min())
    assert dataclasses.replace(CHECK, contact_distance_m=nearest_m).evaluate(instant).action is Action.SLOW
    below = dataclasses.replace(CHECK, contact_distance_m=nearest_m - 1e-9)
    assert below.evaluate(instant).action is Action.PASS


def test_a_robot_that_is_not_watched_is_not_slowed():
    assert CHECK.evaluate(with_people(NEAR, limits=TWO_JOINTS)).action is Action.PASS


def test_its_cause_goes_by_itself_and_does_not_keep_the_robot_from_being_armed():
    assert ForceLimit.may_be_armed_against is True
