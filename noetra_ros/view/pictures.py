"""What the cameras see, side by side in one picture with their names. No viser, no ROS."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import PIL.Image
import PIL.ImageDraw

from noetra_ros.core.types import ImageArray

TILE_PX = 320
GAP_PX = 6
COLUMNS = 2
PAPER, INK = (255, 255, 255), (255, 255, 255)
PLATE = (20, 24, 30)


def side_by_side(pictures: Mapping[str, ImageArray]) -> ImageArray:
    """All pictures as tiles of one width, two in a row; one alone takes the whole width.

    Args:
        pictures: (height, width, 3) uint8 by camera, not empty.

    Returns:
        (height, width, 3) uint8.
    """
    columns = min(COLUMNS, len(pictures))
    width_px = TILE_PX if columns > 1 else 2 * TILE_PX
    tiles = [_tile(name, picture, width_px) for name, picture in pictures.items()]
    rows = [tiles[k : k + columns] for k in range(0, len(tiles), columns)]
    heights = [max(tile.height for tile in row) for row in rows]
    whole_width = columns * width_px + (columns - 1) * GAP_PX
    sheet = PIL.Image.new("RGB", (whole_width, sum(heights) + GAP_PX * (len(rows) - 1)), PAPER)
    top = 0
    for row, height in zip(rows, heights, strict=True):
        for column, tile in enumerate(row):
            sheet.paste(tile, (column * (width_px + GAP_PX), top))
        top += height + GAP_PX
    return np.asarray(sheet)


def _tile(name: str, picture: ImageArray, width_px: int) -> PIL.Image.Image:
    image = PIL.Image.fromarray(np.ascontiguousarray(picture))
    image = image.resize((width_px, max(1, round(width_px * image.height / image.width))))
    draw = PIL.ImageDraw.Draw(image)
    left, top, right, bottom = draw.textbbox((8, 5), name, font_size=15)
    draw.rectangle((left - 5, top - 3, right + 5, bottom + 3), fill=PLATE)
    draw.text((8, 5), name, fill=INK, font_size=15)
    return image
