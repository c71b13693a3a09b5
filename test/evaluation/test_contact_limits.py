"""The oracle's contact speeds, by hand and against those of the supervisor."""

import pytest

from noetra_ros.evaluation.contact_limits import contact_limits_mps, limit_mps
from noetra_ros.robots.profile import load_robot
from noetra_ros.safety.contact import contact_speed_mps, load_body_regions
from noetra_ros.sim.person_figure import PART_REGIONS


def row(force_n, pressure_n_cm2, mass_kg, spring_n_mm, may_be_hit=True):
    numbers = {
        "force_n": force_n,
        "pressure_n_cm2": pressure_n_cm2,
        "mass_kg": mass_kg,
        "spring_n_mm": spring_n_mm,
    }
    return {"may_be_hit": may_be_hit, **{name: {"value": value} for name, value in numbers.items()}}


def test_a_case_by_hand():
    # 2 x 100 N; masses 2 and 2 kg reduce to 1 kg; 40 N/mm: 200 / sqrt(40000) = 1 m/s.
    assert limit_mps(row(100.0, 1000.0, 2.0, 40.0), 2.0) == pytest.approx(1.0)


def test_pressure_on_a_small_area_may_bound_it():
    assert limit_mps(row(100.0, 50.0, 2.0, 40.0), 2.0) == pytest.approx(0.5)


def test_what_must_not_be_hit_allows_no_speed():
    assert limit_mps(row(100.0, 50.0, 2.0, 40.0, may_be_hit=False), 2.0) == 0.0


def test_every_part_of_the_simulated_person_has_a_limit():
    limits = contact_limits_mps(load_robot("so101"))
    assert set(limits) == set(PART_REGIONS.values())
    assert limits["skull"] == 0.0 and all(0.1 < v < 10.0 for name, v in limits.items() if name != "skull")


def test_the_supervisors_formula_gives_the_same():
    region = load_body_regions("body_regions").regions["hand_and_fingers"]
    own = row(
        region.force_n.value, region.pressure_n_cm2.value, region.mass_kg.value, region.spring_n_mm.value
    )
    assert limit_mps(own, 0.4) == pytest.approx(contact_speed_mps(region, 0.4, 1.0))
