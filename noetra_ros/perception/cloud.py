"""Depth pictures to points in the base frame; grazing pixels are left out."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from noetra_ros.perception.frames import BoolArray, Cloud, DepthFrame, Pinhole
from noetra_ros.perception.settings import GeometrySettings

Depth = NDArray[np.float32]


def cloud_of_depth(frame: DepthFrame, settings: GeometrySettings) -> Cloud:
    """Points of one depth picture.

    Args:
        frame: the picture.
        settings: pixels_max, grazing_jump_m and the depth noise count here.

    Returns:
        One point for each valid pixel of the reduced picture.
    """
    block_px = block_size_px(frame.depth_m.shape, settings.pixels_max)
    depth_m = nearest_of_blocks(frame.depth_m, block_px)
    is_point = np.isfinite(depth_m) & ~is_grazing(
        depth_m, settings.grazing_jump_m, settings.depth_noise_per_m
    )
    points_optical = optical_points(depth_m, is_point, frame.lens, block_px)
    pose = frame.base_from_optical.astype(np.float32)
    points_base = points_optical.T @ pose[:3, :3].T
    points_base += pose[:3, 3]
    std_m = depth_std_m(points_optical[2], settings)
    return Cloud(frame.stamp_ns, frame.camera, points_base, std_m, frame.base_from_optical[:3, 3])


def block_size_px(shape: tuple[int, ...], pixels_max: int) -> int:
    """Smallest block edge that leaves at most `pixels_max` blocks of a picture (height, width)."""
    block_px = max(1, math.isqrt(shape[0] * shape[1] // pixels_max))
    while math.ceil(shape[0] / block_px) * math.ceil(shape[1] / block_px) > pixels_max:
        block_px += 1
    return block_px


def nearest_of_blocks(depth_m: Depth, block_px: int) -> Depth:
    """Nearest valid depth of each block, so that nothing thinner than a block is overlooked.

    Args:
        depth_m: (height, width) m; NaN, infinity, 0 and less are invalid.
        block_px: edge of a block.

    Returns:
        (ceil(height / block), ceil(width / block)) m; infinity where a block has no valid pixel.
    """
    valid_m = np.where(depth_m > 0, depth_m, np.float32(np.inf))  # also turns NaN into infinity
    if block_px == 1:
        return valid_m
    rest = [(0, -size % block_px) for size in depth_m.shape]
    if rest != [(0, 0), (0, 0)]:
        valid_m = np.pad(valid_m, rest, constant_values=np.inf)
    nearest: Depth = valid_m[::block_px].copy()
    for row in range(1, block_px):
        np.minimum(nearest, valid_m[row::block_px], out=nearest)
    result: Depth = nearest[:, ::block_px].copy()
    for column in range(1, block_px):
        np.minimum(result, nearest[:, column::block_px], out=result)
    return result


def is_grazing(depth_m: Depth, jump_m: float, noise_per_m: float) -> BoolArray:
    """Pixels between a nearer and a farther neighbour: grazing or flying (mixed) pixels.

    The rule: of two opposite neighbours, one is nearer and the other farther, each by more than the jump.
    What stands before both neighbours, however thin, stays.

    Args:
        depth_m: (height, width) m; infinity counts as far.
        jump_m: smallest jump; grows by three times the noise.
        noise_per_m: standard deviation of depth over depth squared, 1/m.

    Returns:
        (height, width) bool.
    """
    found = np.zeros(depth_m.shape, dtype=bool)
    with np.errstate(invalid="ignore"):  # infinity less infinity: no jump
        threshold_m = jump_m + np.float32(3.0 * noise_per_m) * np.square(depth_m)
        for middle, before, after in _neighbours(depth_m):
            low, high = depth_m[middle] - threshold_m[middle], depth_m[middle] + threshold_m[middle]
            first, second = depth_m[before], depth_m[after]
            found[middle] |= ((first < low) & (second > high)) | ((first > high) & (second < low))
    return found


def optical_points(depth_m: Depth, is_point: BoolArray, lens: Pinhole, block_px: int) -> Depth:
    """Points of a reduced picture, at the middle of their blocks.

    Args:
        depth_m: (height, width) m.
        is_point: (height, width) which pixels count.
        lens: intrinsics of the picture before it was reduced.
        block_px: edge of a block.

    Returns:
        (3, N) float32, m, optical frame.
    """
    height, width = depth_m.shape
    half_px = 0.5 * (block_px - 1)
    right = ((np.arange(width) * block_px + (half_px - lens.cx_px)) / lens.fx_px).astype(np.float32)
    down = ((np.arange(height) * block_px + (half_px - lens.cy_px)) / lens.fy_px).astype(np.float32)
    chosen = is_point.ravel()
    points = np.empty((3, np.count_nonzero(chosen)), dtype=np.float32)
    points[2] = depth_m.ravel()[chosen]
    np.multiply(np.tile(right, height)[chosen], points[2], out=points[0])
    np.multiply(np.repeat(down, width)[chosen], points[2], out=points[1])
    return points


def depth_std_m(depths_m: Depth, settings: GeometrySettings) -> Depth:
    """(N,) standard deviation of depths: constant and quadratic part, as of structured light and stereo."""
    std_m: Depth = np.float32(settings.depth_noise_m) + np.float32(settings.depth_noise_per_m) * depths_m**2
    return std_m


def _neighbours(
    depth_m: Depth,
) -> tuple[tuple[tuple[slice, slice], tuple[slice, slice], tuple[slice, slice]], ...]:
    """Slices of the inner pixels and of their neighbours, along rows and along columns."""
    every, inner, before, after = slice(None), slice(1, -1), slice(None, -2), slice(2, None)
    return (
        ((every, inner), (every, before), (every, after)),
        ((inner, every), (before, every), (after, every)),
    )
