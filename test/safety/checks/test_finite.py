import math

import numpy as np
import pytest
from made_snapshots import STILL, snapshot

from noetra_ros.safety.checks.finite import Finite
from noetra_ros.safety.verdict import Action

CASES = {
    "inside": (np.array(STILL), Action.PASS),
    "largest number": (np.array([1.7e308, 0.0]), Action.PASS),
    "NaN": (np.array([0.0, math.nan]), Action.STOP),
    "infinity": (np.array([math.inf, 0.0]), Action.STOP),
    "minus infinity": (np.array([0.0, -math.inf]), Action.STOP),
    "NaN beyond the known joints": (np.array([0.0, 0.0, math.nan]), Action.STOP),
    "missing": (None, Action.PASS),  # its absence is judged by stale
    "empty": (np.empty(0), Action.PASS),  # judged by shape
}


@pytest.mark.parametrize(("command", "expected"), CASES.values(), ids=CASES)
def test_table(command, expected):
    assert Finite().evaluate(snapshot(command=command)).action is expected


def test_names_the_joint():
    verdict = Finite().evaluate(snapshot(command=np.array([0.0, math.nan])))
    assert verdict.subject == "elbow"
    assert "nan" in verdict.reason
