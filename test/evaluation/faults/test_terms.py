import pytest

from noetra_ros.core.errors import ConfigError
from noetra_ros.evaluation.faults.terms import value_of

VALUES = {"timeout_s": 0.1, "period_s": 0.01}


@pytest.mark.parametrize(
    ("terms", "expected"),
    [("", 0.0), ("timeout_s", 0.1), ("timeout_s + period_s", 0.11), ("timeout_s + 2 * period_s", 0.12)],
)
def test_a_sum_of_settings(terms, expected):
    assert value_of(terms, VALUES, "key") == pytest.approx(expected)


def test_an_unknown_name_is_told_with_those_there_are():
    with pytest.raises(ConfigError, match=r"key: got 'timeout'.*period_s, timeout_s"):
        value_of("timeout + period_s", VALUES, "key")
