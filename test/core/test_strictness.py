"""The most restrictive of several values: as restrictive as each, in any order; each direction by example."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noetra_ros.core.strictness import (
    ANY,
    CommonNames,
    EveryName,
    Flag,
    Higher,
    Lower,
    Ordered,
    Reactions,
)

NUMBERS = st.floats(-1e6, 1e6)
NAMES = st.lists(st.sampled_from(["", "a", "b", "c", "d"]), unique=True)
REACTIONS = ("stop", "slow", "warn")
ENTRIES = st.dictionaries(st.sampled_from("xyz"), st.sampled_from(REACTIONS)).map(
    lambda pairs: [f"{name}={word}" for name, word in pairs.items()]
)
CASES = {
    "lower": (Lower(), st.none() | NUMBERS),
    "higher": (Higher(), NUMBERS),
    "true": (Flag(True), st.booleans()),
    "false": (Flag(False), st.booleans()),
    "ordered": (Ordered(REACTIONS), st.sampled_from(REACTIONS)),
    "every": (EveryName(), NAMES),
    "common": (CommonNames(), NAMES | st.just([ANY])),
    "reactions": (Reactions(REACTIONS), ENTRIES),
}


def as_set(value):
    """Order of names is no part of a value."""
    return frozenset(value) - {""} if isinstance(value, (list, tuple)) else value


@pytest.mark.parametrize("case", CASES)
@given(data=st.data())
def test_the_strictest_is_as_strict_as_each(case, data):
    way, values = CASES[case]
    given_values = data.draw(st.lists(values, min_size=1, max_size=4))
    strictest = way.strictest(given_values)
    assert all(way.is_as_strict(strictest, value) for value in given_values)


@pytest.mark.parametrize("case", CASES)
@given(data=st.data())
def test_the_order_does_not_matter(case, data):
    way, values = CASES[case]
    given_values = data.draw(st.lists(values, min_size=1, max_size=3))
    found = {as_set(way.strictest(list(order))) for order in itertools.permutations(given_values)}
    assert len(found) == 1


@pytest.mark.parametrize("case", CASES)
@given(data=st.data())
def test_merging_step_by_step_is_merging_at_once(case, data):
    way, values = CASES[case]
    a, b, c = (data.draw(values) for _ in range(3))
    assert as_set(way.strictest([way.strictest([a, b]), c])) == as_set(way.strictest([a, b, c]))
    assert as_set(way.strictest([a, a])) == as_set(way.strictest([a]))


@pytest.mark.parametrize("case", CASES)
@given(data=st.data())
def test_it_is_no_stricter_than_it_has_to_be(case, data):
    """Whatever is as strict as each of the values is as strict as the strictest of them."""
    way, values = CASES[case]
    a, b, other = (data.draw(values) for _ in range(3))
    if way.is_as_strict(other, a) and way.is_as_strict(other, b):
        assert way.is_as_strict(other, way.strictest([a, b]))


@pytest.mark.parametrize(
    ("way", "values", "expected"),
    [
        (Lower(), [0.5, None, 0.3], 0.3),
        (Lower(), [None, None], None),
        (Higher(), [0.5, 2.0], 2.0),
        (Flag(True), [False, True], True),
        (Flag(False), [False, True], False),
        (Ordered(("key", "anyone")), ["anyone", "key"], "key"),
        (EveryName(), [("b", "a"), ("",), ("c", "a")], ("b", "a", "c")),
        (CommonNames(), [("b", "a"), (ANY,), ("a", "c")], ("a",)),
        (CommonNames(), [("a",), ("b",)], ("",)),
        (CommonNames(), [(ANY,), (ANY,)], (ANY,)),
        (Reactions(REACTIONS), [("x=stop", "y=warn"), ("y=slow", "x=warn")], ("x=stop", "y=slow")),
    ],
)
def test_by_example(way, values, expected):
    assert way.strictest(values) == expected


def test_an_unknown_reaction_never_wins():
    assert Reactions(REACTIONS).strictest([("x=nothing",), ("x=warn",)]) == ("x=warn",)
