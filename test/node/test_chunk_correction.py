"""A chunk is corrected with each newer picture while the policy works, and only that chunk."""

import numpy as np
import pytest
from policy_bench import MS, FakeBackend, PolicyBench

from noetra_ros.core.errors import ConfigError
from noetra_ros.policy.backend import BACKENDS
from noetra_ros.policy.correction.corrector import CORRECTORS, CorrectorSpec
from noetra_ros.policy.spec import CameraNeed
from noetra_ros.robots.profile import load_robot
from noetra_ros.ros.chunk_correction import as_policy
from noetra_ros.ros.conversions import stamp_to_ns

pytestmark = pytest.mark.ros
PROFILE = load_robot("so101")
JOINTS = PROFILE.channel().joints
OFF_RAD = 0.2


class Turner:
    """Implements `Corrector`: the first joint is always off by the same."""

    def __init__(self, checkpoint=None):
        limit = np.full(len(JOINTS), 0.4)
        eyes = (CameraNeed("front", 96, 96),)
        self.spec = CorrectorSpec("turner 1", JOINTS, eyes, 0.1, 4, limit, 0.0 * limit, 50.0, 0.01)

    def load(self):
        """Nothing to load."""

    def residuals(self, observation, ahead):
        answer = np.zeros((4, len(JOINTS)))
        answer[:, 0] = OFF_RAD
        return answer


@pytest.fixture(autouse=True)
def parts(monkeypatch):
    """A policy and a corrector under the names `fake` and `turner`."""
    monkeypatch.setitem(BACKENDS._entries, "fake", lambda options: FakeBackend(PROFILE))
    monkeypatch.setitem(CORRECTORS._entries, "turner", Turner)


def corrected(chunks):
    return [chunk for chunk in chunks if chunk.model == "fake 1 + turner 1"]


def first_joint(chunk):
    column = list(chunk.names).index(JOINTS[0])
    return np.array(chunk.values).reshape(chunk.rows, -1)[:, column]


def test_newer_pictures_correct_the_chunk_that_is_followed():
    with PolicyBench(policy="fake", instruction="go", corrector="turner", infer_period_s=0.8) as bench:
        bench.until(lambda: len(corrected(bench.chunks)) >= 3, "three corrections", bench.send_all)
        answers = [chunk for chunk in bench.chunks if chunk.model == "fake 1"]
        corrections = corrected(bench.chunks)
        counts = bench.policy.correction.counts()
    assert len(answers) <= 2  # one each 0.8 s, corrected at every picture
    assert stamp_to_ns(corrections[0].header.stamp) > stamp_to_ns(answers[0].header.stamp)
    assert [c.sequence for c in bench.chunks] == list(range(1, len(bench.chunks) + 1))
    # The plan goes on from where it is, and is off by what was said from the next tenth of a second on.
    assert first_joint(answers[0]) == pytest.approx(0.1)
    assert first_joint(corrections[0])[:2] == pytest.approx([0.1, 0.1 + OFF_RAD])
    assert counts["corrections"] >= 3


def end_ns(chunk):
    """Instant of the last row."""
    reach_s = chunk.start_offset_s + (chunk.rows - 1) * chunk.step_s
    return stamp_to_ns(chunk.header.stamp) + round(reach_s * 1e9)


def test_no_correction_reaches_beyond_the_answer_that_it_corrects():
    with PolicyBench(policy="fake", instruction="go", corrector="turner", infer_period_s=0.8) as bench:
        bench.until(lambda: len(corrected(bench.chunks)) >= 10, "corrections", bench.send_all)
    answers = [end_ns(chunk) for chunk in bench.chunks if chunk.model == "fake 1"]
    assert max(end_ns(chunk) for chunk in corrected(bench.chunks)) <= max(answers) + 100 * MS  # a row


def test_no_correction_follows_another_sentence():
    with PolicyBench(policy="fake", instruction="go", corrector="turner", infer_period_s=0.8) as bench:
        bench.until(lambda: corrected(bench.chunks), "a correction", bench.send_all)
        bench.policy.follow("something else")
        bench.until(lambda: bench.statuses[-1].instruction == "something else", "its status")
        bench.chunks.clear()
        bench.until(lambda: corrected(bench.chunks), "a correction", bench.send_all)
        assert {chunk.instruction for chunk in bench.chunks} == {"something else"}


def test_without_a_corrector_there_are_none():
    with PolicyBench(policy="fake", instruction="go") as bench:
        bench.until(lambda: len(bench.chunks) >= 3, "three chunks", bench.send_all)
        assert {chunk.model for chunk in bench.chunks} == {"fake 1"}


@pytest.mark.parametrize(
    ("words", "wrong"),
    [
        ("injected_latency_s", {"injected_latency_s": 0.2}),
        ("execution", {"execution": "synchronous"}),
        ("turner_2", {"corrector": "turner_2"}),
        ("/nowhere", {"corrector": "noetra_nano_corrector", "corrector_checkpoint": "/nowhere"}),
    ],
)
def test_what_does_not_go_with_a_corrector_is_refused_at_the_start(words, wrong):
    with pytest.raises(ConfigError) as error:
        PolicyBench(**{"policy": "fake", "corrector": "turner", **wrong})
    assert words in str(error.value)


def test_pictures_are_wanted_as_often_as_the_camera_gives_them():
    assert as_policy(Turner().spec, PROFILE).replan_s == pytest.approx(0.1)
