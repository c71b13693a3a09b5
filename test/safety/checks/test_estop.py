import pytest
from made_snapshots import snapshot

from noetra_ros.safety.checks.estop import Estop
from noetra_ros.safety.verdict import Action


@pytest.mark.parametrize(
    ("is_pressed", "is_armed", "expected"),
    [
        (False, True, Action.PASS),
        (True, True, Action.ESTOP),
        (True, False, Action.ESTOP),
        (False, False, Action.PASS),
    ],
)
def test_table(is_pressed, is_armed, expected):
    verdict = Estop().evaluate(snapshot(is_estop_pressed=is_pressed, is_armed=is_armed))
    assert verdict.action is expected
