"""Asking a backend in the name of robots: what it remembers, and what happens where it breaks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from noetra_ros.core.types import ActionPrefix
from noetra_ros.policy.serving.batching import Answerer
from noetra_ros.policy.serving.messages import Ask

from .conftest import BatchEcho, Echo


@pytest.fixture
def ask(observation):
    return Ask("s", 1, 1.0, observation)


def test_a_model_that_remembers_is_reset_when_another_robot_takes_over(ask):
    backend = Echo()
    answerer = Answerer(backend)
    for robot in ("left", "left", "right"):
        answerer.answers([(robot, ask)])
    assert backend.resets == 2
    answerer.answers([("right", replace(ask, begins=True))])
    assert backend.resets == 3


def test_an_unexpected_exception_is_told_by_its_kind(ask):
    class Broken(Echo):
        def infer(self, observation):
            raise ZeroDivisionError("weights")

    [found] = Answerer(Broken()).answers([("left", ask)])
    assert str(found) == "ZeroDivisionError: weights"


def test_a_batch_of_the_wrong_size_reaches_nobody(ask):
    class Short(BatchEcho):
        def infer_batch(self, requests):
            return super().infer_batch(requests)[1:]

    found = Answerer(Short()).answers([("left", ask), ("right", ask)])
    assert [str(error) for error in found] == ["the model gave 0 answers to 1 requests"] * 2


@pytest.mark.parametrize("backend", [Echo(), BatchEcho()])
def test_a_prefix_is_not_ignored(ask, backend):
    prefix = ActionPrefix(np.zeros((1, 2)), 1)
    [found] = Answerer(backend).answers([("left", replace(ask, prefix=prefix))])
    assert "cannot carry on from a prefix" in str(found) and backend.asked == []
