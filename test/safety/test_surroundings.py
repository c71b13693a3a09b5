"""What perception last told, how old it is, and whether it could be read; how late judgements come."""

import math

import pytest

from noetra_ros.core.obstacles import ObstacleScene
from noetra_ros.safety.surroundings import CycleTime, Surroundings

SCENE = ObstacleScene(5, "base_link", (), ())


def test_nothing_heard_has_no_age():
    around = Surroundings()
    assert around.scene is None and around.fault == "" and math.isnan(around.age_s(10**9))


def test_age_counts_from_the_sensor_data():
    around = Surroundings()
    around.hear(SCENE, 10 * 10**9, 0.25)
    assert around.scene is SCENE
    assert around.age_s(10 * 10**9) == pytest.approx(0.25)
    assert around.age_s(12 * 10**9) == pytest.approx(2.25)


def test_a_stamp_ahead_of_our_clock_stays_ahead():
    around = Surroundings()
    around.hear(SCENE, 10 * 10**9, -0.5)
    assert around.age_s(10 * 10**9) == pytest.approx(-0.5)


def test_a_message_that_cannot_be_read_is_remembered_until_the_next_that_can():
    around = Surroundings()
    around.hear_unreadable("kind 9")
    assert around.fault == "kind 9"
    around.hear(SCENE, 0, 0.0)
    assert around.fault == ""


@pytest.mark.parametrize("delay_s", [math.nan, math.inf])
def test_an_age_that_is_no_number_is_a_fault(delay_s):
    around = Surroundings()
    around.hear(SCENE, 10**9, delay_s)
    assert "its age is" in around.fault


def test_the_longest_cycle_of_late_fades_to_the_period():
    cycle = CycleTime(0.01)
    assert cycle.longest_s == 0.01
    cycle.count(0.2)
    assert cycle.longest_s == 0.2
    cycle.count(0.01)
    assert cycle.longest_s == pytest.approx(0.2 * 0.995)
    cycle.count(0.3)
    assert cycle.longest_s == 0.3
    for _ in range(1000):
        cycle.count(0.0)
    assert cycle.longest_s == 0.01
