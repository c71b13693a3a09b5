from __future__ import annotations

import io

import numpy as np
import pytest
import torch
from PIL import Image

from noetra_ros.perception.device_pictures import (
    PictureError,
    decode,
    unit_range,
    upload,
)
from noetra_ros.perception.models.torchvision_pictures import normalised, resized

CPU = torch.device("cpu")


def compressed(kind: str) -> bytes:
    """A real file: left half red, right half blue."""
    rgb = np.zeros((32, 48, 3), np.uint8)
    rgb[:, :24, 0], rgb[:, 24:, 2] = 200, 200
    stream = io.BytesIO()
    Image.fromarray(rgb).save(stream, kind)
    return stream.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_compressed_pictures_come_out_red_first(kind):
    picture = decode(compressed(kind), CPU)
    assert picture.shape == (3, 32, 48) and picture.dtype == torch.uint8
    torch.testing.assert_close(picture[:, 16, 8].int(), torch.tensor([200, 0, 0]).int(), atol=8, rtol=0)
    torch.testing.assert_close(picture[:, 16, 40].int(), torch.tensor([0, 0, 200]).int(), atol=8, rtol=0)


@pytest.mark.parametrize("data", [b"", b"no picture", compressed("PNG")[:60]])
def test_what_is_no_picture_is_refused(data):
    with pytest.raises(PictureError, match=f"{len(data)} bytes"):
        decode(data, CPU)


def test_upload_keeps_values_and_takes_tensors_as_they_are():
    rgb = np.arange(24, dtype=np.uint8).reshape(2, 4, 3)
    picture = upload(rgb, CPU)
    assert picture[1, 0, 2] == rgb[0, 2, 1]
    assert upload(picture, CPU) is picture


def test_normalisation_and_size():
    picture = unit_range(torch.full((3, 8, 6), 255, dtype=torch.uint8))
    assert resized(picture, 4, 3).shape == (3, 4, 3) and resized(picture, 8, 6) is picture
    assert normalised(picture, (0.5,) * 3, (0.25,) * 3)[0, 0, 0] == 2.0
