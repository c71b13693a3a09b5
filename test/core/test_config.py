from dataclasses import dataclass
from enum import Enum

import pytest

from noetra_ros.core.config import load, read_yaml, setting
from noetra_ros.core.errors import ConfigError, single_fault


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


@dataclass(frozen=True)
class Inner:
    size_m: float = setting("m", "how large", minimum=0.0, maximum=2.0)


@dataclass(frozen=True)
class Outer:
    speed_mps: float = setting("m/s", "how fast")
    inner: Inner = setting(description="what is inside")
    count: int = setting(description="how many", default=3)
    colour: Colour = setting(default=Colour.RED)
    word: str = setting(choices=("yes", "no"), default="yes")
    is_on: bool = setting(default=False)
    point_m: tuple[float, float] = setting("m", default=(0.0, 0.0))
    names: tuple[str, ...] = setting(default=())
    parts: dict[str, Inner] = setting(default_factory=dict)
    limit_s: float | None = setting("s", minimum=0.0, default=None)


GOOD = {"speed_mps": 1, "inner": {"size_m": 0.5}}


def keys_of(values):
    with pytest.raises(ConfigError) as caught:
        load(Outer, values, "mine.yaml")
    return [fault.key for fault in caught.value.faults]


def test_defaults_and_given_values():
    outer = load(Outer, GOOD, "mine.yaml")
    assert (outer.speed_mps, outer.inner.size_m, outer.count) == (1.0, 0.5, 3)
    assert isinstance(outer.speed_mps, float)


def test_every_type():
    given = {
        "colour": "blue", "word": "no", "is_on": True, "point_m": [1, 2.5], "names": ["a", "b"],
        "parts": {"left": {"size_m": 1.0}}, "limit_s": 2,
    }  # fmt: skip
    outer = load(Outer, {**GOOD, **given}, "mine.yaml")
    assert (outer.colour, outer.point_m, outer.names) == (Colour.BLUE, (1.0, 2.5), ("a", "b"))
    assert (outer.parts["left"].size_m, outer.limit_s) == (1.0, 2.0)


BAD = {
    "speed_mps": [
        {"speed_mps": "fast"},
        {"speed_mps": float("nan")},
        {"speed_mps": True},
        {"speed_mps": None},
    ],
    "inner.size_m": [{"inner": {"size_m": 2.1}}, {"inner": {"size_m": -0.1}}, {"inner": {}}],
    "inner": [{"inner": 3}],
    "inner.weight": [{"inner": {"size_m": 1.0, "weight": 1}}],
    "count": [{"count": 1.5}, {"count": True}, {"count": "3"}],
    "colour": [{"colour": "green"}],
    "word": [{"word": "maybe"}],
    "is_on": [{"is_on": 1}],
    "point_m": [{"point_m": [1.0]}, {"point_m": 1.0}],
    "point_m[1]": [{"point_m": [1.0, "x"]}],
    "names[0]": [{"names": [1]}],
    "parts.left.size_m": [{"parts": {"left": {"size_m": 9.0}}}],
    "limit_s": [{"limit_s": -1.0}, {"limit_s": "x"}],
    "colours": [{"colours": 1}],
}


@pytest.mark.parametrize(
    ("key", "change"), [(key, change) for key, changes in BAD.items() for change in changes]
)
def test_a_wrong_value_names_its_key(key, change):
    assert keys_of({**GOOD, **change}) == [key]


@pytest.mark.parametrize("size_m", [0.0, 2.0])
def test_the_ends_of_a_range_belong_to_it(size_m):
    assert load(Outer, {**GOOD, "inner": {"size_m": size_m}}, "mine.yaml").inner.size_m == size_m


def test_all_faults_at_once():
    assert keys_of({"count": "x", "extra": 1, "word": 5}) == ["extra", "speed_mps", "inner", "count", "word"]


def test_a_missing_value_tells_its_unit():
    with pytest.raises(ConfigError, match=r"speed_mps: got nothing, expected float in m/s -> add it"):
        load(Outer, {"inner": {"size_m": 1.0}}, "mine.yaml")


@dataclass(frozen=True)
class Picky:
    value: int = setting()

    def __post_init__(self):
        raise single_fault("inside", "value", self.value, "another one")


@dataclass(frozen=True)
class Holder:
    picky: Picky = setting()


def test_faults_that_a_dataclass_raises_get_the_whole_path():
    with pytest.raises(ConfigError) as caught:
        load(Holder, {"picky": {"value": 1}}, "mine.yaml")
    assert [fault.key for fault in caught.value.faults] == ["picky.value"]


@pytest.mark.parametrize("text", ["a: [", "- 1\n- 2\n", "just words", ""])
def test_a_file_that_is_no_mapping(tmp_path, text):
    path = tmp_path / "mine.yaml"
    path.write_text(text)
    with pytest.raises(ConfigError, match="1 fault"):
        read_yaml(path)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(ConfigError, match="nothing there"):
        read_yaml(tmp_path / "none.yaml")


def test_a_file_with_values(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text("a: 1\nb: {c: 2}\n")
    assert read_yaml(path) == {"a": 1, "b": {"c": 2}}
