"""The oracle of whole trajectories: of other formulas, right where an answer is known, and awake."""

from dataclasses import replace
from random import Random

import numpy as np
import pytest

from noetra_ros.core.spline import Spline
from noetra_ros.core.trajectory import Trajectory, TrajectoryPoint
from noetra_ros.evaluation.fuzz.campaign import Job, play, setups_for
from noetra_ros.evaluation.fuzz.oracle import Oracle
from noetra_ros.evaluation.fuzz.paths import FINENESS, is_beyond, sampled
from noetra_ros.evaluation.fuzz.record import Call
from noetra_ros.evaluation.fuzz.trajectories import draw_trajectory

SETUPS = tuple(setup for setup in setups_for(("so101",)) if setup.channel == "arm_trajectory")[:1]
BOUNDS = SETUPS[0].bounds


@pytest.fixture(scope="module")
def run():
    """An episode without findings in which a trajectory moves the robot; record, oracle, row of the order."""
    record, found = play(Job(SETUPS, 5, 34, 400))
    assert found == []
    order = record.last(np.isin(record.call, (Call.COMMAND, Call.TRAJECTORY)))
    after = order[record.is_sent & (record.call == Call.TICK)]
    rows, counts = np.unique(after[record.call[after] == Call.TRAJECTORY], return_counts=True)
    assert counts.max() > 100
    return record, Oracle(BOUNDS), int(rows[np.argmax(counts)])


def rules(oracle, record):
    with np.errstate(all="ignore"):
        return {finding.rule for finding in oracle.judge(record)}


@pytest.mark.parametrize("given", [("velocities", "accelerations"), ("velocities",), ()])
def test_its_paths_are_those_of_the_controller(given):
    draw = np.random.default_rng(3)
    times_s, (p, v, a) = np.array([0.0, 0.31, 0.5, 1.2]), draw.normal(size=(3, 4, 6))
    rows = {"velocities": v, "accelerations": a}
    points = tuple(
        TrajectoryPoint(t, p[i], *(rows[n][i] if n in given else np.zeros(0) for n in rows))
        for i, t in enumerate(times_s.tolist())
    )
    path = sampled(Trajectory(BOUNDS.names, points, 0), BOUNDS)
    spline = Spline(times_s, p, *(rows[n] if n in given else None for n in rows))
    at_s = np.arange(len(path) - 1) * BOUNDS.period_s / FINENESS
    assert np.allclose(path[:-1], spline.sampled(at_s), atol=1e-9)


def test_what_is_drawn_is_of_every_sort():
    random, start = Random(1), np.array([0.0, -1.0, 0.9, 0.9, 0.0, 0.6])
    drawn = [draw_trajectory(BOUNDS, random, start, 5)[0] for _ in range(300)]
    with np.errstate(all="ignore"):
        paths = [sampled(trajectory, BOUNDS) for trajectory in drawn]
    good = [path for path in paths if path is not None and not is_beyond(path, BOUNDS)]
    assert len(good) > 150 and any(path is not None and is_beyond(path, BOUNDS) for path in paths)
    assert any(path is None for path in paths) and any(not trajectory.points for trajectory in drawn)


def test_a_setpoint_off_the_path_is_found(run):
    record, oracle, row = run
    sent = record.sent.copy()
    sent[row:, 1] += 0.1
    shifted = np.flatnonzero(record.is_sent[row:])[40] + row
    sent[row:shifted] = record.sent[row:shifted]
    assert "off_path" in rules(oracle, replace(record, sent=sent))


def test_a_motion_that_nobody_ordered_is_found(run):
    record, oracle, row = run
    call = record.call.copy()
    call[np.isin(call, (Call.COMMAND, Call.TRAJECTORY)) & (np.arange(len(call)) <= row)] = Call.WRITERS
    assert "moves_without_order" in rules(oracle, replace(record, call=call))


def test_a_motion_for_a_trajectory_that_cannot_be_read_is_found(run):
    record, oracle, _ = run
    nonsense = Trajectory(("nobody",), record.trajectories[0].points, 0)
    trajectories = (nonsense,) * len(record.trajectories)
    assert "bad_trajectory: stop_gains_speed" in rules(oracle, replace(record, trajectories=trajectories))
