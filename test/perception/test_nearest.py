"""Fast distances are those of brute force: never larger, and smaller by far less than half a voxel."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from noetra_ros.perception.nearest import capsule_distances
from noetra_ros.perception.segments import segment_distances

VOXEL_M = 0.02
seeds = st.integers(0, 2**32 - 1)


def true_distances(points, segments, radii_m):
    """In float64, every pair by itself."""
    starts, ways = segments[:, 0], segments[:, 1] - segments[:, 0]
    offsets = points[:, None].astype(float) - starts
    shares = np.clip((offsets * ways).sum(-1) / np.maximum((ways**2).sum(-1), 1e-30), 0.0, 1.0)
    return np.linalg.norm(offsets - shares[..., None] * ways, axis=-1).min(axis=0) - radii_m


@given(seeds, st.integers(1, 300), st.integers(1, 16), st.floats(0.01, 4.0), st.floats(0.0, 0.5))
def test_never_larger_and_at_most_half_a_voxel_smaller_than_the_truth(
    seed, points, capsules, span_m, length_m
):
    rng = np.random.default_rng(seed)
    cloud = rng.uniform(-span_m, span_m, (points, 3)).astype(np.float32)
    segments = rng.uniform(-0.5, 0.5, (capsules, 1, 3)) + rng.uniform(-length_m, length_m, (capsules, 2, 3))
    radii_m = rng.uniform(0.01, 0.1, capsules)
    less_m = true_distances(cloud, segments, radii_m) - capsule_distances(cloud, segments, radii_m)
    assert less_m.min() >= 0.0
    assert less_m.max() <= 0.5 * VOXEL_M


def test_a_known_distance():
    segments = np.array([[[0.0, 0.0, 0.0], [0.0, 0.0, 0.2]]])
    points = np.array([[0.1, 0.0, 0.1], [0.0, 0.0, 0.35]], np.float32)
    assert np.allclose(capsule_distances(points, segments, np.array([0.04])), 0.06, atol=1e-5)


def test_nothing_there_is_infinitely_far():
    assert (
        capsule_distances(np.zeros((0, 3), np.float32), np.zeros((2, 2, 3)), np.ones(2)).tolist()
        == [np.inf] * 2
    )


@given(seeds)
def test_segments_are_no_farther_apart_than_any_two_of_their_points(seed):
    rng = np.random.default_rng(seed)
    first, second = rng.uniform(-1, 1, (3, 2, 3)), rng.uniform(-1, 1, (4, 2, 3))
    shares = np.linspace(0.0, 1.0, 41)[:, None]
    samples = [[s[0] + shares * (s[1] - s[0]) for s in group] for group in (first, second)]
    sampled = np.array(
        [[np.linalg.norm(a[:, None] - b[None], axis=-1).min() for b in samples[1]] for a in samples[0]]
    )
    distances = segment_distances(first, second)
    assert (distances <= sampled + 1e-9).all()
    assert (distances >= sampled - 0.05).all()
