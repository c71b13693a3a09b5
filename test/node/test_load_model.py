"""load_model over real DDS: another model takes over at a chunk border, or the running one goes on."""

import subprocess
import sys
from dataclasses import replace

import pytest
from policy_bench import FakeBackend, PolicyBench

from noetra_ros.core.errors import ConfigError, Fault
from noetra_ros.policy.backend import BACKENDS
from noetra_ros.robots.profile import load_robot

pytestmark = pytest.mark.ros


class Newcomer(FakeBackend):
    """A policy that fails when it is loaded, or from its n-th inference on.

    Args:
        robot: profile.
        good: inferences before the first failure.
        is_loadable: false: load raises.
    """

    def __init__(self, robot, good=1000, is_loadable=True):
        super().__init__(robot, model="newcomer 2")
        self.good, self.is_loadable, self.is_closed = good, is_loadable, False

    def load(self):
        if not self.is_loadable:
            raise ConfigError("newcomer", [Fault("weights", "nothing", "a file", "train one")])

    def infer(self, observation):
        if len(self.seen) >= self.good:
            raise RuntimeError("a weight fell off")
        return super().infer(observation)

    def close(self):
        self.is_closed = True


@pytest.fixture
def robot():
    return load_robot("so101")


@pytest.fixture
def bring(monkeypatch, robot):
    """Makes a policy known under `newcomer`; `fake` is the running one."""
    monkeypatch.setitem(BACKENDS._entries, "fake", lambda options: FakeBackend(robot))

    def known(newcomer):
        monkeypatch.setitem(BACKENDS._entries, "newcomer", lambda options: newcomer)
        return newcomer

    return known


def running(bench):
    """The bench once the first model has answered."""
    bench.until(lambda: bench.chunks, "a first chunk", bench.send_all)
    return bench


def models(bench):
    return [chunk.model for chunk in bench.chunks]


def test_a_model_takes_over_between_two_chunks_and_numbers_go_on(bring, robot):
    bring(Newcomer(robot))
    with PolicyBench(policy="fake", instruction="go") as bench:
        successful, words = running(bench).load_model(bench.send_all, policy="newcomer")
        assert successful and words == "newcomer 2 has taken over from fake 1"
        bench.until(lambda: bench.statuses[-1].model == "newcomer 2", "the status", bench.send_all)
    border = models(bench).index("newcomer 2")
    assert set(models(bench)[:border]) == {"fake 1"} and set(models(bench)[border:]) == {"newcomer 2"}
    assert [chunk.sequence for chunk in bench.chunks] == list(range(1, len(bench.chunks) + 1))


MISFITS = {
    "unit: got deg": lambda spec: replace(spec, unit="deg"),
    "cameras.front: got 96x96 px": lambda spec: replace(
        spec, cameras=(replace(spec.cameras[0], width_px=128),)
    ),
}


@pytest.mark.parametrize("words", MISFITS)
def test_a_model_that_does_not_fit_is_refused_by_the_preflight_and_the_other_goes_on(bring, robot, words):
    newcomer = bring(Newcomer(robot))
    newcomer.spec = MISFITS[words](newcomer.spec)
    with PolicyBench(policy="fake", instruction="go") as bench:
        successful, said = running(bench).load_model(bench.send_all, policy="newcomer")
        assert not successful and words in said and "->" in said
        goes_on(bench)
    assert newcomer.seen == [] and set(models(bench)) == {"fake 1"}


def goes_on(bench):
    before = len(bench.chunks)
    bench.until(lambda: len(bench.chunks) >= before + 2, "two more chunks", bench.send_all)
    assert bench.statuses[-1].model == "fake 1"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"is_loadable": False}, "weights: got nothing"),
        ({"good": 0}, "newcomer 2 RuntimeError: a weight fell off; fake 1 goes on"),
        ({"good": 2}, "newcomer 2 RuntimeError: a weight fell off; fake 1 goes on"),
    ],
)
def test_a_model_that_fails_leaves_again_and_the_other_goes_on(bring, robot, arguments, words):
    newcomer = bring(Newcomer(robot, **arguments))
    with PolicyBench(policy="fake", instruction="go") as bench:
        successful, said = running(bench).load_model(bench.send_all, policy="newcomer")
        assert not successful and words in said
        goes_on(bench)
        bench.until(lambda: newcomer.is_closed or not newcomer.is_loadable, "the end of the newcomer")
    taken = [model for model in models(bench) if model == "newcomer 2"]
    assert len(taken) == arguments.get("good", 0) and models(bench)[-1] == "fake 1"


def test_a_sentence_said_meanwhile_is_followed_by_the_new_model(bring, robot):
    newcomer = bring(Newcomer(robot))
    with PolicyBench(policy="fake", instruction="go") as bench:
        running(bench)
        bench.say("go left")
        assert bench.load_model(bench.send_all, policy="newcomer")[0]
        bench.until(lambda: bench.chunks[-1].instruction == "go left", "the sentence", bench.send_all)
    assert {seen.instruction for seen in newcomer.seen} <= {"go", "go left"}


def test_without_a_sentence_the_model_takes_over_at_once(bring, robot):
    bring(Newcomer(robot))
    with PolicyBench(policy="fake") as bench:
        assert bench.load_model(policy="newcomer") == (True, "newcomer 2 has taken over from fake 1")
        bench.say("go")
        bench.until(lambda: "newcomer 2" in models(bench), "a chunk of it", bench.send_all)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"policy": "oracle"}, "one of"),
        ({"checkpoint": "x"}, "policy: got nothing"),
        ({"policy": "fake", "channel": "arm"}, "channel: got an unknown key"),
        ({"policy": "fake", "device": "tpu"}, "one of , cpu, cuda"),
    ],
)
def test_a_wrong_request_is_refused_by_name(bring, given, words):
    with PolicyBench(policy="fake") as bench:
        successful, said = bench.load_model(**given)
        assert not successful and words in said


def test_in_lock_step_a_swap_is_refused(bring):
    with PolicyBench(policy="fake", lock_step=True, use_sim_time=True) as bench:
        successful, said = bench.load_model(policy="fake")
        assert not successful and "lock-step" in said


@pytest.mark.parametrize(
    ("good", "code", "words"), [(1000, 0, "has taken over from fake 1"), (0, 1, "fell off")]
)
def test_the_command_waits_for_the_answer_and_its_code_says_it(bring, robot, good, code, words):
    bring(Newcomer(robot, good))
    with PolicyBench(policy="fake", instruction="go") as bench:
        running(bench)
        command = [sys.executable, "-m", "noetra_ros.cli.main", "load-model", "newcomer"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as asked:
            bench.until(lambda: asked.poll() is not None, "the end of noetra load-model", bench.send_all)
            said = " ".join(asked.stdout.read().split())
    assert asked.returncode == code and words in said
