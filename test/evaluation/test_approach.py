import dataclasses

import numpy as np
import pytest

from noetra_ros.core.types import FloatArray
from noetra_ros.evaluation.approach import ApproachWorld, draw_paths
from noetra_ros.evaluation.approach_control import SeparationController, Sight, ZoneController
from noetra_ros.evaluation.approach_motion import People, Tip, ramp_acceleration
from noetra_ros.evaluation.approach_result import evaluate_approach
from noetra_ros.evaluation.approach_run import Oracle, run_approach
from noetra_ros.safety import braking
from noetra_ros.safety.separation import TERMS

WORLD = ApproachWorld()
FEW = draw_paths(WORLD, 400, 1)


class Never:
    """A controller that never slows."""

    def share(self, sight: Sight) -> FloatArray:
        return np.ones_like(sight.age_s)


def test_paths_repeat_by_seed_and_keep_the_bounds():
    again = draw_paths(WORLD, 400, 1)
    assert np.array_equal(FEW.start_m, again.start_m)
    assert FEW.speed_mps.max() == WORLD.human.far_mps
    for name in ("intrusion_m", "sensor_m", "robot_m"):
        assert np.abs(getattr(FEW, name)).max() == getattr(WORLD, name)


def test_without_a_controller_people_are_hit():
    assert run_approach(WORLD, FEW, Never()).contacts > 40


def test_all_terms_hit_nobody_and_without_the_persons_way_somebody_is_hit():
    result = evaluate_approach(WORLD, 400, 1, ("S_h",), False, "here", lambda what, done: None)
    assert result.whole.contacts == 0
    assert result.without["S_h"].contacts > 0
    assert result.has_passed


def test_a_narrow_zone_hits_somebody():
    assert run_approach(WORLD, FEW, ZoneController(WORLD, 0.2)).contacts > 0


@pytest.mark.parametrize("term", TERMS)
def test_leaving_a_term_out_never_allows_less(term):
    sight = Sight(
        person_m=np.zeros((50, 2)), age_s=np.full(50, 0.1), distance_m=np.linspace(0.0, 4.0, 50),
        towards=np.full(50, 0.9), velocity_mps=np.zeros(50),
    )  # fmt: skip
    whole, less = SeparationController(WORLD).share(sight), SeparationController(WORLD, term).share(sight)
    assert np.all(less >= whole)
    assert np.any(less > whole)
    assert np.all(np.diff(whole) >= 0.0)


def test_the_robot_is_behind_what_it_is_told_by_the_latency():
    tip = Tip(WORLD, FEW)
    seen = []
    for _ in range(WORLD.latency_steps + 3):
        tip.step(np.ones(400))
        seen.append((tip.velocity[0], tip.true_mps[0]))
    assert [true for _, true in seen[: WORLD.latency_steps]] == [0.0] * WORLD.latency_steps
    assert seen[-1][1] == seen[2][0]


def test_the_robot_brakes_as_the_limiter_does():
    excess, acceleration = np.array([1.5, 0.3, -0.7]), np.array([0.0, 2.0, -4.0])
    ours = ramp_acceleration(excess, acceleration, 4.0, 2.0, 0.01)
    theirs = [
        braking.ramp_acceleration(e, a, WORLD.axis, 0.01) for e, a in zip(excess, acceleration, strict=True)
    ]
    assert ours == pytest.approx(np.array(theirs))


def test_pictures_are_as_old_as_they_say():
    people = People(WORLD, dataclasses.replace(FEW, begin_s=np.zeros(400)))
    for index in range(1, 101):
        people.step(0.01 * index, np.zeros(400))
    seen_m, age_s = people.seen(1.0)
    walked_m = np.linalg.norm(people.position_m - seen_m, axis=1)[FEW.is_passing]
    assert np.all(age_s >= WORLD.camera_latency_s - 1e-9)
    assert np.all(age_s <= WORLD.camera_latency_s + WORLD.camera_period_s + 1e-9)
    assert walked_m == pytest.approx((age_s * FEW.speed_mps)[FEW.is_passing], abs=0.017)


@pytest.mark.parametrize(
    ("person_x", "speed", "is_contact"),
    [(0.35, 1.0, True), (0.35, -1.0, False), (0.35, 0.0, False), (0.6, 1.0, False)],
)
def test_only_motion_towards_the_person_is_a_contact(person_x, speed, is_contact):
    oracle = Oracle(WORLD, dataclasses.replace(FEW.part(slice(0, 1)), intrusion_m=np.array([0.1])))
    oracle.look(np.array([[person_x, 0.0]]), np.array([0.0]), np.array([speed]))
    assert oracle.is_contact.tolist() == [is_contact]
