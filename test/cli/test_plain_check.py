from __future__ import annotations

import pytest

from noetra_ros.cli.plain_check import CHECK_RUN_SEED, CheckEpisode, check_policy, print_checks
from noetra_ros.evaluation.seeds import FIRST_EVALUATION_SEED


def episode(wording, succeeded, wrong=False):
    return CheckEpisode("pick", wording, "pick it", 1, succeeded, wrong, 3.0)


def test_wordings_are_counted_apart(capsys):
    print_checks([episode("train", True), episode("train", False, wrong=True), episode("heldout", True)])
    assert capsys.readouterr().out == "pick: train 1/2, heldout 1/1, wrong object 1\n"


@pytest.mark.gl
def test_the_shipped_model_reaches_on_seeds_of_evaluation():
    episodes = check_policy(None, 3, tasks=("reach",))
    assert [e.wording for e in episodes] == ["train", "train", "heldout"]
    assert all(e.seed >= FIRST_EVALUATION_SEED + CHECK_RUN_SEED for e in episodes)
    assert sum(e.succeeded for e in episodes) >= 2 and not any(e.handled_wrong for e in episodes)
