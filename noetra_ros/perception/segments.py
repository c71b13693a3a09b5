"""Distances of points to line segments, all pairs at once by matrix products."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from noetra_ros.core.types import FloatArray
from noetra_ros.perception.frames import Points


def squared_distances(points: Points, segments: FloatArray) -> NDArray[np.float32]:
    """Squared distance of each point to each segment, rounded by no more than `rounding_m2` either way.

    With m the middle of a segment, a the way from there to an end and u = a.(p - m) / |a|^2, s = u clipped to
    -1..1: |p - m - s a|^2 = |p|^2 - 2 p.m + |m|^2 - |a|^2 s (2 u - s). Both u and the first three terms are
    one matrix product each, and what is left are six operations on a whole array in place.

    Args:
        points: (N, 3) float32, m.
        segments: (n, 2, 3) both ends, m.

    Returns:
        (n, N) float32, m2; rounding may take it a little below 0.
    """
    origin, middles, axes = _about_origin(segments)
    lengths_squared = np.maximum(np.square(axes).sum(axis=1, keepdims=True), 1e-12)
    homogeneous = np.ones((5, len(points)), dtype=np.float32)  # x, y, z, 1, |p|^2
    np.subtract(points.T, origin.astype(np.float32)[:, None], out=homogeneous[:3])
    np.einsum("ij,ij->j", homogeneous[:3], homogeneous[:3], out=homogeneous[4])
    offsets = -np.einsum("ij,ij->i", middles, axes)[:, None]
    share = (np.hstack([axes, offsets]) / lengths_squared).astype(np.float32) @ homogeneous[:4]
    squares = np.square(middles).sum(axis=1, keepdims=True)
    squared = np.hstack([-2.0 * middles, squares, np.ones_like(squares)]).astype(np.float32) @ homogeneous
    clipped = np.clip(share, -1.0, 1.0)
    share += share
    share -= clipped
    share *= clipped
    share *= lengths_squared.astype(np.float32)
    squared -= share
    result: NDArray[np.float32] = squared
    return result


def rounding_m2(points: Points, segments: FloatArray) -> float:
    """Largest rounding error of `squared_distances`, m2.

    Every term is at most (|p| + |m| + |a|)^2, and no more than 16 roundings of half an epsilon add up.
    """
    origin, middles, axes = _about_origin(segments)
    reach_m = np.sqrt(np.square(points - origin.astype(np.float32)).sum(axis=1).max(initial=0.0))
    reach_m += np.linalg.norm(middles, axis=1).max() + np.linalg.norm(axes, axis=1).max()
    return float(8.0 * np.finfo(np.float32).eps * reach_m**2)


def segment_distances(first: FloatArray, second: FloatArray) -> FloatArray:
    """Distances between two sets of segments, all pairs.

    Args:
        first: (n, 2, 3) m.
        second: (k, 2, 3) m.

    Returns:
        (n, k) m.
    """
    u = (first[:, 1] - first[:, 0])[:, None]
    v = (second[:, 1] - second[:, 0])[None]
    w = first[:, 0][:, None] - second[:, 0][None]
    uu, vv, uv = (u * u).sum(-1), (v * v).sum(-1), (u * v).sum(-1)
    uw, vw = (u * w).sum(-1), (v * w).sum(-1)
    tiny = 1e-12
    denominator = uu * vv - uv**2
    s = np.where(denominator > tiny, (uv * vw - vv * uw) / np.maximum(denominator, tiny), 0.0).clip(0.0, 1.0)
    t = ((uv * s + vw) / np.maximum(vv, tiny)).clip(0.0, 1.0)
    s = ((uv * t - uw) / np.maximum(uu, tiny)).clip(0.0, 1.0)
    nearest = w + s[..., None] * u - t[..., None] * v
    return np.sqrt((nearest**2).sum(-1))


def _about_origin(segments: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Origin (3,) in the midst of the segments, and their middles and half axes (n, 3) about it, m."""
    middles: FloatArray = segments.mean(axis=1)
    origin: FloatArray = middles.mean(axis=0)
    return origin, middles - origin, 0.5 * (segments[:, 1] - segments[:, 0])
