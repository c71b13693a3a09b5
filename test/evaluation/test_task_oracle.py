"""The task oracle, from the trace alone, agrees with the judge that watched; the named cube matters."""

import math

import pytest

from noetra_ros.evaluation.limits import limits_of
from noetra_ros.evaluation.task_oracle import TaskOracle
from noetra_ros.evaluation.trace import read_trace
from noetra_ros.robots.profile import load_robot
from noetra_ros.sim.experts.table import Expert
from noetra_ros.sim.plain_loop import run_episode
from noetra_ros.sim.task import TASKS, Judge
from noetra_ros.sim.trace import TraceRecorder
from noetra_ros.sim.world import make_world

SEED = 2_000_000_001


@pytest.fixture(scope="module")
def profile():
    return load_robot("so101")


@pytest.fixture(scope="module")
def oracle(profile):
    return TaskOracle(profile)


def record(profile, path, task, colour):
    world, expert = make_world(profile), Expert(profile)
    recorder = TraceRecorder(world)
    world.reset(SEED, "eval")
    recorder.start()
    start_s = world.time_ns * 1e-9

    def source(w):
        return expert.action_chunk(w.truth(), w.joint_state().positions, task, colour)

    result = run_episode(world, source, Judge(TASKS.get(task), colour), linger_s=0.3)
    recorder.save(path)
    return result, start_s, read_trace(path)


@pytest.mark.parametrize("task", ["reach", "push", "pick", "place"])
def test_the_expert_succeeds_and_the_oracle_sees_it(profile, oracle, tmp_path, task):
    result, start_s, trace = record(profile, tmp_path / "t.npz", task, "green")
    verdict = oracle.judge(trace, SEED, "eval", task, "green", start_s)
    assert result.succeeded
    assert verdict.success
    assert not verdict.wrong_object
    assert verdict.success_at_s - start_s == pytest.approx(result.time_s, abs=0.25)


def test_another_cube_is_the_wrong_object(profile, oracle, tmp_path):
    _, start_s, trace = record(profile, tmp_path / "t.npz", "pick", "green")
    verdict = oracle.judge(trace, SEED, "eval", "pick", "red", start_s)
    assert verdict.wrong_object
    assert not verdict.success
    assert math.isnan(verdict.success_at_s)


def test_what_was_before_the_sentence_does_not_count(profile, oracle, tmp_path):
    _, _, trace = record(profile, tmp_path / "t.npz", "push", "red")
    verdict = oracle.judge(trace, SEED, "eval", "push", "red", since_s=float(trace.time_s[-1]))
    assert not verdict.success


def test_limits_of_the_profile_fit_the_trace(profile, tmp_path):
    _, _, trace = record(profile, tmp_path / "t.npz", "reach", "blue")
    assert limits_of(profile).select(trace.names).names == profile.joint_names
