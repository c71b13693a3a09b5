import dataclasses
import math

import numpy as np
import pytest
from made_snapshots import PEOPLE, TWO_JOINTS
from obstacles_around import HOME, WATCHING, obstacle, scene, with_people
from scipy.optimize import brentq

from noetra_ros.core.errors import ConfigError
from noetra_ros.core.obstacles import ObstacleKind
from noetra_ros.robots import load_robot
from noetra_ros.safety.attributes import changed
from noetra_ros.safety.checks.separation import Separation
from noetra_ros.safety.limits import channel_limits
from noetra_ros.safety.people_settings import SeparationSettings
from noetra_ros.safety.verdict import Action

SETTINGS = {field.name: PEOPLE[field.name] for field in dataclasses.fields(SeparationSettings)}
CHECK = Separation(**SETTINGS)
# At rest and nearer than 0.5 m (a hand): S_h = 2.0 (0.1 + 0.01 + 0.03), then C + Z_d + Z_r = 0.1 m.
STAND_M = 2.0 * 0.14 + 0.10
CASES = {
    "nobody": ([], {}, Action.PASS),
    "far": ([obstacle((3.0, 0.0, 0.3))], {}, Action.PASS),
    "near": ([obstacle((0.97, 0.0, 0.3))], {}, Action.SLOW),
    "too near": ([obstacle((0.6, 0.0, 0.3))], {}, Action.STOP),
    "inside": ([obstacle((0.2, 0.0, 0.2))], {}, Action.STOP),
    "a thing": ([obstacle((0.6, 0.0, 0.3), kind=ObstacleKind.OBJECT)], {}, Action.PASS),
    "unexplained": ([obstacle((0.6, 0.0, 0.3), kind=ObstacleKind.UNKNOWN)], {}, Action.STOP),
    "near, but old": ([obstacle((0.97, 0.0, 0.3))], {"scene_age_s": 0.4}, Action.STOP),
    "near, but the supervisor is slow": ([obstacle((0.97, 0.0, 0.3))], {"cycle_s": 0.5}, Action.STOP),
    "near, coasting": ([obstacle((0.97, 0.0, 0.3), seen_ns=0)], {}, Action.STOP),
    "near and vague": ([obstacle((0.97, 0.0, 0.3), position_std_m=0.3)], {}, Action.STOP),
    "NaN age": ([obstacle((3.0, 0.0, 0.3))], {"scene_age_s": math.nan}, Action.STOP),
    "NaN cycle": ([obstacle((3.0, 0.0, 0.3))], {"cycle_s": math.nan}, Action.STOP),
    "NaN std": ([obstacle((3.0, 0.0, 0.3), position_std_m=math.nan)], {}, Action.STOP),
    "NaN joints": ([obstacle((3.0, 0.0, 0.3))], {"joint_positions": np.full(6, math.nan)}, Action.STOP),
    "no scene": ([], {"scene": None}, Action.STOP),
    "no joints": ([], {"joint_positions": None}, Action.STOP),
    "another frame": ([], {"scene": scene(frame="map")}, Action.STOP),
}  # fmt: skip


@pytest.mark.parametrize(("people", "changes", "expected"), CASES.values(), ids=CASES)
def test_table(people, changes, expected):
    verdict = CHECK.evaluate(with_people(*people, **changes))
    assert verdict.action is expected
    assert verdict.scale == (1.0 if expected is Action.PASS else pytest.approx(0.5, abs=0.499 + 0.001))


def distance_m(x):
    return CHECK.evaluate(with_people(obstacle((x, 0.0, 0.3)))).details.distance_m


@pytest.mark.parametrize(("beyond_m", "expected"), [(1e-6, Action.SLOW), (-1e-6, Action.STOP)])
def test_on_the_limit_of_standing_still(beyond_m, expected):
    x = brentq(lambda x: distance_m(x) - STAND_M - beyond_m, 0.6, 1.2, xtol=1e-12)
    verdict = CHECK.evaluate(with_people(obstacle((x, 0.0, 0.3))))
    assert verdict.details.distance_m == pytest.approx(STAND_M + beyond_m, abs=1e-8)
    assert (verdict.action, verdict.scale) == (expected, 0.0)
    assert verdict.limit == pytest.approx(STAND_M)


def test_the_nearer_the_slower():
    scales = [CHECK.evaluate(with_people(obstacle((x, 0.0, 0.3)))).scale for x in np.arange(0.7, 2.5, 0.05)]
    assert scales == sorted(scales)
    assert (scales[0], scales[-1]) == (0.0, 1.0)
    assert len(set(scales)) > 5


def test_motion_towards_the_person_is_stopped_where_the_same_away_is_not():
    def action(y, speed):
        moving = {
            "sent_velocity": (speed, 0.0, 0.0, 0.0, 0.0, 0.0),
            "stop_rest": lambda: (0.1 * speed, *HOME[1:]),
        }
        return CHECK.evaluate(with_people(obstacle((0.3, y, 0.3)), **moving)).action

    pairs = {(action(y, -1.0), action(y, 1.0)) for y in np.arange(0.5, 1.5, 0.02)}
    assert (Action.STOP, Action.SLOW) in pairs
    assert (Action.SLOW, Action.STOP) not in pairs


def test_motion_that_needs_more_than_there_is_is_stopped():
    still = with_people(obstacle((0.97, 0.0, 0.3)))
    fast = changed(still, sent_velocity=(0.0, 1.6, -1.6, 0.0, 0.0, 0.0))
    assert CHECK.evaluate(still).action is Action.SLOW
    assert CHECK.evaluate(fast).action is Action.STOP


def test_only_watched_robots_are_judged():
    assert CHECK.unmet(WATCHING) == ""
    assert "watch_people" in CHECK.unmet(TWO_JOINTS)


def test_watching_without_a_body_is_a_start_up_error():
    base = load_robot("diffbot")
    with pytest.raises(ConfigError, match="watch_people"):
        channel_limits(base, base.channel(), watch_people=True)


@pytest.mark.parametrize(
    "changes", [{"scene": None}, {"measured": None}, {"joint_positions": None}, {"scene": scene(frame="map")}]
)
def test_what_is_not_known_leaves_no_speed_to_go_on_from(changes):
    verdict = CHECK.evaluate(with_people(obstacle((3.0, 0.0, 0.3)), **changes))
    assert (verdict.action, verdict.scale) == (Action.STOP, 0.0)


def test_a_robot_that_is_not_watched_is_not_judged():
    assert CHECK.evaluate(with_people(obstacle((0.3, 0.0, 0.3)), limits=TWO_JOINTS)).action is Action.PASS


def told(**changes):
    return CHECK.evaluate(with_people(obstacle((1.2, 0.0, 0.3)), **changes)).details


REACHED = (0.0, -0.9, 0.8, 0.9, 0.0, 0.6)


def test_an_arm_that_has_not_yet_come_to_where_it_was_sent_is_nearer_than_it_is_measured():
    """It lags behind its commands: it will still go on towards the person by that much."""
    here, lagging = told(), told(sent=REACHED, stop_rest=lambda: REACHED)
    assert lagging.terms.total_m > here.terms.total_m
    other = told(sent=REACHED)
    assert other.terms.total_m != lagging.terms.total_m


def test_without_a_stop_on_the_way_it_rests_where_it_was_sent():
    """Joint velocities have no place that a stop ends at."""
    assert told(sent=REACHED, stop_rest=None) == told(sent=REACHED, stop_rest=lambda: REACHED)


def test_what_was_sent_to_a_robot_that_nobody_drives_is_history():
    """It was moved by hand since: it does not go back to what was last sent."""
    sent = {"sent": REACHED, "stop_rest": lambda: REACHED}
    assert told(is_armed=False, is_moving=False, **sent) == told()
    assert told(is_armed=True, is_moving=False, **sent) == told(is_armed=False, is_moving=True, **sent)
    assert told(is_armed=True, is_moving=False, **sent) != told()


def test_the_way_that_is_still_to_come_leaves_less_speed():
    far = (0.0, -0.4, 0.3, 0.9, 0.0, 0.6)
    here, lagging = (told(sent=sent, stop_rest=None) for sent in (HOME, far))
    back = told(measured=far, joint_positions=np.array(far), sent=far, stop_rest=None)
    assert 0.0 < lagging.share < here.share
    still = CHECK.evaluate(with_people(obstacle((1.2, 0.0, 0.3)), is_armed=False, sent=REACHED)).details
    assert still.share == here.share and back.terms.stopping_m == 0.0


def test_a_person_who_stands_near_does_not_keep_it_from_being_armed():
    """The armed robot is held by them, and goes when they go."""
    assert Separation.may_be_armed_against is True
