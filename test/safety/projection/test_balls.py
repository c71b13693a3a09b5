"""Nearest speeds within balls of velocities: against another solver, and where there is no answer."""

import numpy as np
import pytest
from scipy.optimize import NonlinearConstraint, minimize

from noetra_ros.safety.projection.balls import EASE, Ball, nearest_within
from noetra_ros.safety.projection.nearest import nearest

LOW, HIGH = np.full(7, -1.0), np.full(7, 1.0)
NO_ROWS, NO_LEAST = np.zeros((0, 7)), np.zeros(0)


def problem(seed):
    """Two points of an arm of seven joints, each held at two instants; a plane besides."""
    draw = np.random.default_rng(seed)
    change = draw.normal(size=(4, 3, 7))
    balls = [Ball(0.05 * draw.normal(size=3), matrix, 0.3 + 0.2 * draw.random()) for matrix in change]
    return draw.uniform(-1.0, 1.0, 7), draw.normal(size=(1, 7)), balls


def speeds(balls, values):
    return [float(np.linalg.norm(ball.at_rest + ball.change @ values)) for ball in balls]


def by_slsqp(wanted, rows, least, balls):
    most = (1.0 - EASE) * np.array([ball.most_mps for ball in balls])
    within = NonlinearConstraint(lambda x: np.square(speeds(balls, x)), -np.inf, most**2)
    plane = NonlinearConstraint(lambda x: rows @ x, least, np.inf)
    found = minimize(
        lambda x: np.sum((x - wanted) ** 2),
        np.zeros(7),
        jac=lambda x: 2.0 * (x - wanted),
        bounds=list(zip(LOW, HIGH, strict=True)),
        constraints=[within, plane],
        method="SLSQP",
        options={"maxiter": 500, "ftol": 1e-12},
    )
    assert found.success
    return found.x


@pytest.mark.parametrize("seed", range(30))
def test_the_answer_is_nearest_and_within(seed):
    wanted, rows, balls = problem(seed)
    least = np.array([-0.05])
    assert max(np.array(speeds(balls, wanted)) / [ball.most_mps for ball in balls]) > 1.5
    found = nearest_within(wanted, LOW, HIGH, rows, least, balls)
    for speed, ball in zip(speeds(balls, found.values), balls, strict=True):
        assert speed <= ball.most_mps
    assert (rows @ found.values >= least - 1e-9).all()
    reference = by_slsqp(wanted, rows, least, balls)
    off = np.linalg.norm(found.values - wanted) / np.linalg.norm(reference - wanted)
    assert off == pytest.approx(1.0, abs=2e-3)


def test_half_spaces_are_told_with_the_ball_that_each_stands_for():
    wanted = np.eye(7)[0]
    change = np.zeros((2, 3, 7))
    change[0, 0, 1], change[1, 0, 0] = 1.0, 1.0  # the second ball alone is in the way
    balls = [Ball(np.zeros(3), matrix, 0.5) for matrix in change]
    found = nearest_within(wanted, LOW, HIGH, NO_ROWS, NO_LEAST, balls)
    assert found.owners == [1]
    assert found.values == pytest.approx(0.5 * (1.0 - EASE) * wanted)
    assert (found.rows @ found.values - found.least) == pytest.approx([0.0], abs=1e-9)


def test_without_balls_it_is_the_nearest():
    wanted, rows, _ = problem(0)
    found = nearest_within(wanted, LOW, HIGH, rows, np.array([0.2]), [])
    assert found.values.tolist() == nearest(wanted, LOW, HIGH, rows, np.array([0.2])).tolist()
    assert found.owners == [] and found.rows.tolist() == rows.tolist()


@pytest.mark.parametrize("balls", [[], [Ball(np.array([9.0, 0.0, 0.0]), np.ones((3, 7)) * 0.1, 0.5)]])
def test_none_where_there_is_none(balls):
    rows, least = (NO_ROWS, NO_LEAST) if balls else (np.eye(7)[:1], np.array([2.0]))
    assert nearest_within(np.zeros(7), LOW, HIGH, rows, least, balls) is None


def test_a_velocity_that_is_no_number_gives_no_answer():
    ball = Ball(np.full(3, np.nan), np.ones((3, 7)), 0.5)
    assert nearest_within(np.zeros(7), LOW, HIGH, NO_ROWS, NO_LEAST, [ball]) is None


@pytest.mark.filterwarnings("error")
def test_a_limit_below_zero_gives_no_answer():
    """A point that may turn so fast within a period that nothing is left of its limit."""
    ball = Ball(np.zeros(3), np.ones((3, 7)), -0.1)
    assert nearest_within(np.zeros(7), LOW, HIGH, NO_ROWS, NO_LEAST, [ball]) is None
