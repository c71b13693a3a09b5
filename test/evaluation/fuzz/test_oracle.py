"""The oracle of the safety core: of other code, right where an answer is known, and awake."""

import ast
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pinocchio
import pytest

import noetra_ros.evaluation.fuzz as fuzz
from noetra_ros.core.obstacles import Obstacle, ObstacleKind, Shape
from noetra_ros.evaluation.fuzz.bounds import bounds_of, shipped_settings
from noetra_ros.evaluation.fuzz.campaign import Job, play, setups_for
from noetra_ros.evaluation.fuzz.chain import Chain
from noetra_ros.evaluation.fuzz.oracle import Oracle
from noetra_ros.evaluation.fuzz.people import Pairs, allowed_share, contact_mps, nearest, needed_m
from noetra_ros.evaluation.fuzz.record import ACTIVE, FAULT, STANDBY, Call
from noetra_ros.evaluation.fuzz.setpoints import setpoints_of, shortest_stop
from noetra_ros.robots.profile import load_robot

FOLDER = Path(fuzz.__file__).parent
DRIVERS = {"setup.py", "rig.py", "campaign.py", "episode.py"}  # play the core; the others judge it
BOUNDS = bounds_of(load_robot("so101"), "arm", shipped_settings())


def test_no_file_that_judges_imports_the_safety_core():
    for path in FOLDER.glob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = [n.module or "" for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)]
        if path.name not in DRIVERS - {"campaign.py", "episode.py"}:
            assert not [name for name in names if "safety" in name], path.name


def test_the_oracle_does_not_even_load_it():
    code = (
        "import json, sys, noetra_ros.evaluation.fuzz.oracle; "
        "print(json.dumps([m for m in sys.modules if m.startswith('noetra_ros.safety')]))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(run.stdout) == []


def test_the_chain_puts_every_link_where_pinocchio_does():
    profile = load_robot("so101")
    chain = Chain(profile.urdf_path, profile.joint_names, "base_link")
    model = pinocchio.buildModelFromUrdf(str(profile.urdf_path))
    data, rng = model.createData(), np.random.default_rng(0)
    postures = rng.uniform(-1.5, 1.5, (5, 6))
    for link in ("gripper_frame_link", "moving_jaw_so101_v1_link", "lower_arm_link"):
        points = chain.points([(link, (0.01, 0.02, 0.03))], postures)[0]
        for posture, point in zip(postures, points, strict=True):
            configuration = pinocchio.neutral(model)
            for name, value in zip(profile.joint_names, posture, strict=True):
                configuration[model.joints[model.getJointId(name)].idx_q] = value
            pinocchio.framesForwardKinematics(model, data, configuration)
            base = data.oMf[model.getFrameId("base_link")]
            placed = base.actInv(data.oMf[model.getFrameId(link)].act(np.array([0.01, 0.02, 0.03])))
            assert point == pytest.approx(placed, abs=1e-9)


def test_the_chain_takes_along_what_mimics_a_joint():
    profile = load_robot("ur5e")
    chain = Chain(profile.urdf_path, profile.joint_names, "base_link")
    model = pinocchio.buildModelFromUrdf(str(profile.urdf_path))
    posture = np.array([0.3, -1.2, 1.4, -1.0, 0.5, 0.2, 0.6])
    opening_m = 0.085 * (1.0 - 0.6 / 0.7929)
    fingers = {f"gripper_{side}_finger_joint": opening_m / 2.0 for side in ("left", "right")}
    data, configuration = model.createData(), pinocchio.neutral(model)
    for name, value in {**dict(zip(profile.joint_names, posture, strict=True)), **fingers}.items():
        configuration[model.joints[model.getJointId(name)].idx_q] = value
    pinocchio.framesForwardKinematics(model, data, configuration)
    for link in ("gripper_left_finger", "gripper_right_finger", "gripper_tcp"):
        point = chain.points([(link, np.zeros(3))], posture[np.newaxis])[0][0]
        base = data.oMf[model.getFrameId("base_link")]
        placed = base.actInv(data.oMf[model.getFrameId(link)].translation)
        assert point == pytest.approx(placed, abs=1e-9)


@pytest.mark.parametrize(
    ("p", "q", "distance_m"),
    [
        ((0, 0, 1), (1, 0, 1), 1.0),  # parallel
        ((0.5, -1, 2), (0.5, 1, 2), 2.0),  # crossing
        ((3, 0, 0), (4, 0, 0), 2.0),  # behind one another
        ((0.5, 3, 0), (0.5, 1, 0), 1.0),  # an end against the middle
        ((2, 0, 0), (2, 0, 0), 1.0),  # a point
    ],
)
def test_nearest_points_of_segments(p, q, distance_m):
    ours, theirs = nearest(
        np.array([p], float), np.array([q], float), np.array([0.0, 0, 0]), np.array([1.0, 0, 0])
    )
    assert np.linalg.norm(ours - theirs) == pytest.approx(distance_m)


def one_pair(distance_m, towards):
    person = Obstacle(
        1, ObstacleKind.PERSON, Shape.SPHERE, np.zeros(3), np.array([0, 0, 0, 1.0]), np.array([0.1, 0, 0]),
        np.full(3, np.nan), 0.0, 1.0, 0,
    )  # fmt: skip
    table = np.zeros((2, 1, 1, 1, 6))
    table[:, 0, 0, 0, 0] = towards
    return Pairs(np.array([[[distance_m]]]), table, np.full((1, 1, 1), np.nan)), [person]


def test_the_protective_distance_is_that_of_the_standard():
    """v_h 2.0 (near), T_r 0.1; a joint at 1.6 rad/s: stop of 0.1 s, 0.5 * 1.6 * (0.1 - 0.01) / 2."""
    pairs, people = one_pair(0.4, 0.5)
    velocity = np.array([[1.6, 0, 0, 0, 0, 0]])
    needed = needed_m(pairs, np.array([[0.1]]), velocity, people, BOUNDS)
    expected = 2.0 * (0.1 + 0.1) + 0.5 * 1.6 * 0.1 + 0.5 * 1.6 * 0.09 / 2 + 0.05 + 0.03 + 0.02
    assert needed[0, 0, 0] == pytest.approx(expected)


@pytest.mark.parametrize("distance_m", [0.35, 0.5, 0.8])
def test_the_allowed_share_needs_just_that_distance(distance_m):
    slow = replace(BOUNDS, settings={**BOUNDS.settings, "near_human_speed_mps": 1.6})
    pairs, people = one_pair(distance_m, 0.5)
    share = allowed_share(pairs, np.array([[0.1]]), people, slow)[0]
    speeds = np.zeros((1, 6))
    speeds[0, 0] = share * slow.velocity[0]
    still = needed_m(pairs, np.array([[0.1]]), speeds, people, slow)[0, 0, 0]
    others_s = share * float(np.max(slow.velocity / slow.acceleration))  # every axis may be that fast
    assert still <= distance_m + 1e-9
    assert 0.0 < share < 1.0 or others_s >= 0.1


def test_contact_speed_of_a_region_by_hand():
    bounds = replace(
        BOUNDS, settings={**BOUNDS.settings, "contact_regions": ["chest"], "contact_area_cm2": 1.0}
    )
    # p_T A = 2 * 120 N; m_R = 0.5 * 1 + 0.1; m_H = 40; k = 25 N/mm.
    expected = 240.0 / np.sqrt(1.0 / (1.0 / 0.6 + 1.0 / 40.0) * 25e3)
    assert contact_mps(1.0, bounds) == pytest.approx(expected)


def test_the_shortest_stop_is_the_sum_of_its_steps():
    velocity = np.array([[1.0, -0.5, 0.1, 0, 0, 0]])
    travel = shortest_stop(velocity, BOUNDS)[0]
    for axis, speed in enumerate(velocity[0]):
        left, way = abs(speed), 0.0
        while (left := left - BOUNDS.acceleration[axis] * BOUNDS.period_s) > 0.0:
            way += left * BOUNDS.period_s
        assert travel[axis] == pytest.approx(np.sign(speed) * way)


@pytest.fixture(scope="module")
def quiet():
    """A record of an episode without findings, and its oracle."""
    job = Job(setups_for(("so101",))[:1], 5, 25, 250)
    record, found = play(job)
    assert found == []
    return record, Oracle(job.setup.bounds)


def rules(oracle, record):
    with np.errstate(all="ignore"):
        return {finding.rule for finding in oracle.judge(record)}


def changed(record, field, rows, value):
    table = getattr(record, field).copy()
    table[rows] = value
    return replace(record, **{field: table})


def test_a_setpoint_out_of_line_is_found(quiet):
    record, oracle = quiet
    row = np.flatnonzero(record.is_sent)[20]
    found = rules(oracle, changed(record, "sent", row, record.sent[row] + 0.05))
    assert {"velocity", "acceleration", "jerk", "changed_in_silence"} & found >= {"acceleration", "jerk"}
    assert rules(oracle, changed(record, "sent", row, np.nan)) >= {"velocity", "position"}


def test_a_setpoint_in_standby_is_found(quiet):
    record, oracle = quiet
    row = int(np.flatnonzero(record.mode == STANDBY)[0])
    one = changed(record, "is_sent", row, True)
    assert "sent_before_arming" in rules(oracle, changed(one, "sent", row, 0.0))


def test_a_start_by_nobody_and_a_latch_left_by_nobody_are_found(quiet):
    record, oracle = quiet
    before_arm = int(np.flatnonzero((record.call == Call.ARM) & ~record.is_refused)[0])
    assert "start_without_arming" in rules(oracle, changed(record, "mode", slice(3, before_arm), ACTIVE))
    assert "latch_left" in rules(oracle, changed(record, "mode", before_arm - 2, FAULT))


def test_setpoints_faster_than_real_time_are_found(quiet):
    record, oracle = quiet
    slow = record.now_ns[0] + (record.now_ns - record.now_ns[0]) // 3
    assert "pace" in rules(oracle, replace(record, now_ns=slow))


def test_a_command_held_back_for_nothing_is_found(quiet):
    record, oracle = quiet
    same = (record.sent == record.wanted).all(axis=1)
    row = int(np.flatnonzero(same)[5])
    found = rules(oracle, changed(record, "sent", row, record.sent[row] + 1e-9))
    assert {"harmless_command_changed", "changed_in_silence"} & found


def test_a_pause_is_filled_with_what_the_controller_holds(quiet):
    record, oracle = quiet
    row = int(np.flatnonzero(record.is_sent)[30])
    later = record.now_ns.copy()
    later[row:] += 200_000_000
    motions = setpoints_of(replace(record, now_ns=later), oracle.bounds)
    assert sum(len(m.rows) for m in motions) > sum(len(m.rows) for m in setpoints_of(record, oracle.bounds))
