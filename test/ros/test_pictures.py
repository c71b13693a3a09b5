"""Pictures in and out of Image messages without copies."""

import numpy as np
import pytest
from sensor_msgs.msg import Image

from noetra_ros.ros.pictures import PictureMessage, depth_from_image, rgb_from_image

pytestmark = pytest.mark.ros
RGB = np.arange(4 * 6 * 3, dtype=np.uint8).reshape(4, 6, 3)


def test_rgb_comes_back():
    message = PictureMessage(4, 6, "rgb8", "eye").filled(RGB, 12)
    assert (message.header.frame_id, message.step, message.header.stamp.nanosec) == ("eye", 18, 12)
    assert (rgb_from_image(message) == RGB).all()


def test_depth_comes_back_with_what_was_not_hit():
    metres = np.array([[0.5, np.inf], [np.nan, 2.0]], dtype=np.float32)
    back = depth_from_image(PictureMessage(2, 2, "32FC1", "eye").filled(metres, 0))
    assert np.array_equal(back, metres, equal_nan=True)


def test_reading_copies_nothing():
    message = PictureMessage(4, 6, "rgb8", "eye").filled(RGB, 0)
    assert np.shares_memory(rgb_from_image(message), np.frombuffer(message.data, np.uint8))


def test_padding_and_bgr_are_understood():
    padded = np.zeros((4, 20), np.uint8)
    padded[:, :18] = RGB[:, :, ::-1].reshape(4, 18)
    message = Image(height=4, width=6, encoding="bgr8", step=20, data=padded.tobytes())
    assert (rgb_from_image(message) == RGB).all()


@pytest.mark.parametrize(
    ("message", "words"),
    [
        (Image(encoding="mono8"), "'mono8', expected rgb8 or bgr8"),
        (Image(encoding="rgb8", height=4, width=6, step=18, data=b"123"), "3 bytes, step 18"),
        (Image(encoding="rgb8", height=4, width=6, step=1, data=bytes(72)), "72 bytes, step 1"),
    ],
)
def test_unreadable_pictures_are_refused(message, words):
    with pytest.raises(ValueError, match=words):
        rgb_from_image(message)


def test_a_picture_of_another_size_is_refused():
    with pytest.raises(ValueError, match="the message 2x2"):
        PictureMessage(2, 2, "rgb8", "eye").filled(RGB, 0)
