"""Every registered splice begins and ends where it must."""

import numpy as np
import pytest

from noetra_ros.streaming.references import Hold
from noetra_ros.streaming.splices import SPLICES

S = 1_000_000_000


def test_known_splices():
    assert SPLICES.names() == ["blend", "latest"]


@pytest.mark.parametrize("name", SPLICES.names())
def test_the_new_plan_is_reached_after_the_blend_time(name):
    spliced = SPLICES.get(name)(Hold(np.zeros(2)), Hold(np.ones(2)), S, 0.2)
    assert spliced.at(S + S // 5).value.tolist() == [1.0, 1.0]


def test_blend_begins_on_the_old_plan_and_chains_stay_short():
    blend = SPLICES.get("blend")
    first = blend(Hold(np.zeros(2)), Hold(np.ones(2)), S, 0.2)
    assert first.at(S).value.tolist() == [0.0, 0.0]
    second = blend(first, Hold(np.zeros(2)), 2 * S, 0.2)
    assert second.old is first.new


def test_blend_time_zero_is_allowed():
    spliced = SPLICES.get("blend")(Hold(np.zeros(2)), Hold(np.ones(2)), S, 0.0)
    assert spliced.at(S + 1).value.tolist() == [1.0, 1.0]
