"""Distances of points to line segments, all pairs at once by matrix products."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from noetra_ros.core.types import FloatArray


def squared_distances(points: NDArray[np.floating], segments: FloatArray) -> NDArray[np.floating]:
    """Squared distance of each point to each segment, in the precision of `points`.

    Args:
        points: (N, 3) m.
        segments: (n, 2, 3) both ends, m.

    Returns:
        (N, n) m2, at least 0.
    """
    middles = segments.mean(axis=1)
    axes = 0.5 * (segments[:, 1] - segments[:, 0])  # from the middle to one end
    lengths_squared = np.square(axes).sum(axis=1)
    # Relative to a point in their midst, so that float32 loses nothing that matters.
    origin = middles.mean(axis=0)
    kind = points.dtype
    local = points - origin.astype(kind)
    middles = middles - origin
    along = local @ axes.T.astype(kind) - np.einsum("ij,ij->i", middles, axes).astype(kind)
    share = along / np.maximum(lengths_squared, 1e-12).astype(kind)
    np.clip(share, -1.0, 1.0, out=share)
    # |p - m - s a|^2 = |p|^2 - 2 p.m + |m|^2 - s (2 (p - m).a - s |a|^2)
    squared = np.square(local).sum(axis=1)[:, None] - 2.0 * (local @ middles.T.astype(kind))
    squared += np.square(middles).sum(axis=1).astype(kind)
    squared -= share * (2.0 * along - share * lengths_squared.astype(kind))
    np.maximum(squared, 0.0, out=squared)
    return squared


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
