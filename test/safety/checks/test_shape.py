import numpy as np
import pytest
from made_snapshots import STILL, snapshot

from noetra_ros.core.types import CommandKind
from noetra_ros.safety.checks.shape import Shape
from noetra_ros.safety.verdict import Action

CASES = {
    "right": ({"command": np.array(STILL)}, Action.PASS),
    "right names": ({"command": np.array(STILL), "command_names": ("shoulder", "elbow")}, Action.PASS),
    "NaN of the right size": ({"command": np.full(2, np.nan)}, Action.PASS),  # judged by finite
    "one value too few": ({"command": np.zeros(1)}, Action.STOP),
    "one value too many": ({"command": np.zeros(3)}, Action.STOP),
    "two points": ({"command": np.zeros(4)}, Action.STOP),
    "empty": ({"command": np.empty(0)}, Action.STOP),
    "two dimensions": ({"command": np.zeros((2, 1))}, Action.STOP),
    "other kind": ({"command_kind": CommandKind.BASE_TWIST}, Action.STOP),
    "other names": ({"command_names": ("shoulder", "wrist")}, Action.STOP),
    "missing": ({"command": None, "command_kind": None}, Action.PASS),  # judged by stale
}


@pytest.mark.parametrize(("changes", "expected"), CASES.values(), ids=CASES)
def test_table(changes, expected):
    assert Shape().evaluate(snapshot(**changes)).action is expected


def test_says_that_several_points_cannot_be_judged():
    verdict = Shape().evaluate(snapshot(command=np.zeros(6)))
    assert "one point at a time" in verdict.reason
    assert (verdict.measured, verdict.limit) == (6.0, 2.0)
