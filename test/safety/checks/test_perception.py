import math

import pytest
from made_snapshots import REACTIONS, TWO_JOINTS
from obstacles_around import WATCHING, scene, with_people

from noetra_ros.core.errors import ConfigError
from noetra_ros.core.obstacles import SensorReport, SensorVerdict
from noetra_ros.safety.checks.perception import Perception
from noetra_ros.safety.verdict import Action

GRADED = tuple(
    {"blurred=stop": "blurred=slow", "frozen=stop": "frozen=warn"}.get(entry, entry) for entry in REACTIONS
)
CHECK = Perception(max_scene_age_s=0.4, sensor_reactions=GRADED, sensor_slow_scale=0.25)


def reporting(*verdicts):
    return scene(
        sensors=tuple(SensorReport(f"cam{i}", verdict, "0.1 of 0.2") for i, verdict in enumerate(verdicts))
    )


OK, BLURRED, FROZEN = SensorVerdict.OK, SensorVerdict.BLURRED, SensorVerdict.FROZEN
CASES = {
    "well": ({}, Action.PASS, 1.0),
    "on the age limit": ({"scene_age_s": 0.4}, Action.PASS, 1.0),
    "too old": ({"scene_age_s": 0.401}, Action.STOP, 0.0),
    "NaN age": ({"scene_age_s": math.nan}, Action.STOP, 0.0),
    "slightly ahead": ({"scene_age_s": -0.01}, Action.PASS, 1.0),
    "from the future": ({"scene_age_s": -0.05}, Action.STOP, 0.0),
    "never heard": ({"scene": None}, Action.STOP, 0.0),
    "unreadable": ({"scene_fault": "kind 9"}, Action.STOP, 0.0),
    "of another frame": ({"scene": scene(frame="map")}, Action.STOP, 0.0),
    "no sensor": ({"scene": reporting()}, Action.STOP, 0.0),
    "declared slow": ({"scene": reporting(OK, BLURRED)}, Action.SLOW, 0.25),
    "declared warn": ({"scene": reporting(FROZEN)}, Action.CLAMP, 1.0),
    "the worst counts": ({"scene": reporting(BLURRED, SensorVerdict.BLACK, FROZEN)}, Action.STOP, 0.0),
}


@pytest.mark.parametrize(("changes", "expected", "scale"), CASES.values(), ids=CASES)
def test_table(changes, expected, scale):
    verdict = CHECK.evaluate(with_people(**changes))
    assert (verdict.action, verdict.scale) == (expected, scale)


@pytest.mark.parametrize("verdict", [v for v in SensorVerdict if v is not OK])
def test_every_finding_has_its_reaction(verdict):
    strict = Perception(max_scene_age_s=0.4, sensor_reactions=REACTIONS, sensor_slow_scale=0.25)
    judged = strict.evaluate(with_people(scene=reporting(verdict)))
    assert judged.action is Action.STOP
    assert verdict.name.lower() in judged.reason


@pytest.mark.parametrize(
    ("entries", "told"),
    [
        (REACTIONS[:-1], "nothing for moved"),
        ((*REACTIONS, "tired=stop"), "tired"),
        ((*REACTIONS[:-1], "moved=ignore"), "moved=ignore"),
    ],
)
def test_undeclared_or_unknown_reactions_are_start_up_errors(entries, told):
    with pytest.raises(ConfigError, match=told):
        Perception(max_scene_age_s=0.4, sensor_reactions=entries, sensor_slow_scale=0.25)


def test_only_watched_robots_are_judged():
    assert CHECK.unmet(WATCHING) == ""
    assert "watch_people" in CHECK.unmet(TWO_JOINTS)


@pytest.mark.parametrize(("age_s", "expected"), [(-0.02, Action.PASS), (-0.0201, Action.STOP)])
def test_two_clocks_may_be_so_far_apart_and_no_farther(age_s, expected):
    verdict = CHECK.evaluate(with_people(scene_age_s=age_s))
    assert verdict.action is expected
    if expected is Action.STOP:
        assert (verdict.measured, verdict.limit, verdict.unit) == (-0.0201, -0.02, "s")
        assert verdict.reason == "perception is stamped 0.020 s ahead of our clock"


def test_what_a_sensor_says_of_itself_is_handed_on():
    assert CHECK.evaluate(with_people(scene=reporting(BLURRED))).reason == (
        "sensor cam0 is blurred (0.1 of 0.2)"
    )
    silent = scene(sensors=(SensorReport("cam0", BLURRED),))
    assert CHECK.evaluate(with_people(scene=silent)).reason == "sensor cam0 is blurred"


def test_a_robot_that_is_not_watched_needs_no_perception():
    assert CHECK.evaluate(with_people(limits=TWO_JOINTS, scene=None)).action is Action.PASS
