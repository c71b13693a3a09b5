"""People come, stay within the speeds that people are assumed to have, and are gone at the end."""

import numpy as np
import pytest

from noetra_ros.core.errors import ConfigError
from noetra_ros.sim.person_figure import ARM_PARTS, PARTS
from noetra_ros.sim.person_paths import LIMITS, PersonPath
from noetra_ros.sim.workplace import TABLE_UPPER_M

STEP_S = 0.002
SEEDS = range(12)
KINDS = ("walk", "reach", "random")
HANDS = [PARTS.index(part) for part in ("left_hand", "right_hand")]


def moved(seed, kind):
    path = PersonPath(seed, kind)
    times = np.arange(path.start_s, path.duration_s + 0.1, STEP_S)
    return path, times, path.segments(times)


@pytest.mark.parametrize("kind", KINDS)
def test_nobody_is_faster_than_declared(kind):
    is_arm = np.isin(PARTS, ARM_PARTS)
    for seed in SEEDS:
        _, _, segments = moved(seed, kind)
        fastest = (np.linalg.norm(np.diff(segments, axis=0), axis=-1) / STEP_S).max(axis=(0, 2))
        assert fastest[~is_arm].max() <= LIMITS.body_mps + 1e-6
        assert fastest[is_arm].max() <= LIMITS.hand_mps + 1e-6


@pytest.mark.parametrize("kind", KINDS)
def test_everybody_comes_from_out_of_sight_and_goes_there(kind):
    for seed in SEEDS:
        path, _, segments = moved(seed, kind)
        assert abs(path.start_s) < 3.0 and path.duration_s < 45.0
        assert not path.is_present(path.start_s - 0.01) and not path.is_present(path.duration_s)
        from_base = np.linalg.norm(segments[..., :2], axis=-1).min(axis=(1, 2))
        assert from_base[0] > 3.0 and from_base[-1] > 3.0
        assert from_base.min() < 1.9


def test_reaching_hands_come_into_the_workspace_and_walkers_keep_out():
    for seed in SEEDS:
        hands = moved(seed, "reach")[2][:, HANDS, 1]
        assert np.linalg.norm(hands[..., :2], axis=-1).min() < 0.5
        trunk = moved(seed, "walk")[2][:, : PARTS.index("left_upper_arm")]
        over_table = (trunk[..., 0] < TABLE_UPPER_M[0]) & (np.abs(trunk[..., 1]) < TABLE_UPPER_M[1])
        assert not over_table.any()


def test_limbs_keep_their_length():
    _, _, segments = moved(4, "random")
    lengths = np.linalg.norm(segments[:, :, 1] - segments[:, :, 0], axis=-1)
    assert np.ptp(lengths, axis=0).max() < 1e-4


def test_a_seed_is_one_person_on_one_path():
    first, again, other = (PersonPath(seed, "random").capsules(6.0) for seed in (3, 3, 4))
    assert np.array_equal(first.segments_m, again.segments_m) and np.array_equal(first.radii_m, again.radii_m)
    assert not np.array_equal(first.segments_m, other.segments_m)
    assert first.segments_m.shape == (15, 2, 3) and len(first.names) == len(first.regions) == 15


def test_an_unknown_kind_lists_the_known():
    with pytest.raises(ConfigError, match="'dance', expected one of walk, reach, random"):
        PersonPath(0, "dance")
