from __future__ import annotations

import pytest

from noetra_ros.core.errors import ConfigError
from noetra_ros.core.types import CommandKind
from noetra_ros.policy.spec import PolicySpec


def test_all_impossible_timings_are_named_at_once():
    with pytest.raises(ConfigError) as error:
        PolicySpec("m 1", CommandKind.JOINT_POSITION, (), (), "rad", 0, float("nan"), -0.1, 0.0)
    assert [f.key for f in error.value.faults] == ["rows", "step_s", "replan_s", "start_offset_s", "actions"]
