from __future__ import annotations

import pytest

from noetra_ros.core.errors import ConfigError
from noetra_ros.policy.training.settings import TrainingSettings


@pytest.mark.parametrize("length", [{}, {"steps": 5, "minutes": 1.0}])
def test_either_steps_or_minutes(length):
    with pytest.raises(ConfigError, match="one of the two"):
        TrainingSettings(**length)


def test_progress_counts_what_was_asked_for():
    assert TrainingSettings(steps=200).progress(50, 1e9) == 0.25
    assert TrainingSettings(minutes=2).progress(10**9, 30.0) == 0.25
