"""Where a resized picture shows what the camera took, so that two ways of resizing can be compared."""

from __future__ import annotations

from dataclasses import dataclass

RESIZES = ("none", "stretch", "letterbox", "letterbox_start", "letterbox_end", "crop")
# Share of the free space before the picture.
ANCHORS = {"letterbox": 0.5, "crop": 0.5, "letterbox_start": 0.0, "letterbox_end": 1.0}

Size = tuple[int, int]


@dataclass(frozen=True)
class Placement:
    """The camera's full picture within the picture that a model gets; the edges may lie outside of it.

    Attributes:
        left_px, top_px: where its first column and row are.
        width_px, height_px: its size there.
        skew: how much it is squeezed: 1 = shapes are as the camera took them, below 1 = narrower.
    """

    left_px: float
    top_px: float
    width_px: float
    height_px: float
    skew: float


def placement(source: Size, resize: str, size: Size) -> Placement:
    """Where a picture lies after resizing.

    Args:
        source: (width, height) px that the camera takes.
        resize: one of `RESIZES`; `crop` scales until the frame is full, and cuts the rest off.
        size: (width, height) px of the result.
    """
    scales = (size[0] / source[0], size[1] / source[1])
    if resize in ("stretch", "none"):
        return Placement(0.0, 0.0, size[0], size[1], scales[0] / scales[1])
    scale = max(scales) if resize == "crop" else min(scales)
    width, height = source[0] * scale, source[1] * scale
    share = ANCHORS[resize]
    return Placement(share * (size[0] - width), share * (size[1] - height), width, height, 1.0)


def placement_after(first: Placement, between: Size, resize: str, size: Size) -> Placement:
    """Where the camera's full picture lies after a second resizing.

    Args:
        first: after the first one.
        between: (width, height) px of its result.
        resize: the second one, of `RESIZES`.
        size: (width, height) px of its result.
    """
    second = placement(between, resize, size)
    across, down = second.width_px / between[0], second.height_px / between[1]
    return Placement(
        second.left_px + first.left_px * across,
        second.top_px + first.top_px * down,
        first.width_px * across,
        first.height_px * down,
        first.skew * second.skew,
    )
