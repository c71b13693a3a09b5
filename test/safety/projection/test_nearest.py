"""The nearest point within bounds and half spaces, against scipy's solver."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from noetra_ros.safety.projection.nearest import nearest

LOWER, UPPER = np.full(3, -1.0), np.full(3, 1.0)
NONE = np.zeros((0, 3)), np.zeros(0)


def test_what_is_allowed_stays_as_it_is_bit_for_bit():
    wanted = np.array([0.1, -0.2, 0.30000000000000004])
    assert np.array_equal(nearest(wanted, LOWER, UPPER, *NONE), wanted)


def test_bounds_alone_clip():
    assert np.array_equal(nearest(np.array([2.0, -3.0, 0.5]), LOWER, UPPER, *NONE), [1.0, -1.0, 0.5])


def test_a_wall_takes_only_what_goes_into_it():
    found = nearest(np.array([0.5, 0.5, 0.0]), LOWER, UPPER, np.array([[-1.0, 0.0, 0.0]]), np.array([-0.1]))
    assert found == pytest.approx([0.1, 0.5, 0.0])


@pytest.mark.parametrize(
    ("rows", "least"),
    [([[1.0, 0.0, 0.0]], [2.0]), ([[1.0, 0.0, 0.0], [-1.0, 0.0, 0.0]], [0.5, -0.4]), ([[0.0] * 3], [1.0])],
    ids=["beyond the bounds", "two that exclude each other", "a row that no motion changes"],
)
def test_where_nothing_is_allowed_there_is_no_answer(rows, least):
    assert nearest(np.zeros(3), LOWER, UPPER, np.array(rows), np.array(least)) is None


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_numbers_that_are_none_give_no_answer(bad):
    assert nearest(np.zeros(3), LOWER, UPPER, np.array([[bad, 0.0, 1.0]]), np.array([0.5])) is None
    assert nearest(np.full(3, bad), LOWER, UPPER, np.array([[1.0, 0.0, 0.0]]), np.array([0.5])) is None


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10_000), count=st.integers(1, 40))
def test_it_is_what_another_solver_finds(seed, count):
    draw = np.random.default_rng(seed)
    wanted, rows = draw.uniform(-2, 2, 3), draw.normal(size=(count, 3))
    least = rows @ draw.uniform(-0.5, 0.5, 3) - draw.uniform(0.0, 0.5, count)  # something is allowed
    found = nearest(wanted, LOWER, UPPER, rows, least)
    other = minimize(
        lambda x: 0.5 * ((x - wanted) ** 2).sum(),
        np.zeros(3),
        jac=lambda x: x - wanted,
        bounds=list(zip(LOWER, UPPER, strict=True)),
        constraints={"type": "ineq", "fun": lambda x: rows @ x - least, "jac": lambda x: rows},
        method="SLSQP",
        options={"ftol": 1e-12, "maxiter": 500},
    )
    assert found is not None and (rows @ found >= least - 1e-7).all()
    if other.success:
        assert found == pytest.approx(other.x, abs=1e-5)


@pytest.mark.parametrize("harmless", [0.0, -1.0])
def test_a_row_that_no_motion_changes_and_that_is_kept_hinders_nothing(harmless):
    """A link that none of these joints moves stands beside a thing: the others go on up to theirs."""
    rows, least = np.array([[0.0] * 3, [-1.0, 0.0, 0.0]]), np.array([harmless, -0.1])
    assert nearest(np.array([0.5, 0.5, 0.0]), LOWER, UPPER, rows, least) == pytest.approx([0.1, 0.5, 0.0])


def test_a_row_that_does_not_bind_leaves_all_bits_as_they_are():
    wanted = np.array([0.1 + 0.2, -3.0, 1e-17])
    found = nearest(wanted, LOWER, UPPER, np.array([[0.3, 0.7, 0.1]]), np.array([-9.0]))
    assert found.tolist() == [0.1 + 0.2, -1.0, 1e-17]


def test_the_length_of_a_row_does_not_matter():
    for size in (1e-6, 1.0, 1e6):
        found = nearest(np.ones(3), LOWER, UPPER, np.full((1, 3), -size), np.array([-1.5 * size]))
        assert found == pytest.approx([0.5] * 3)
