"""Pictures read from the bytes that DDS brings say what rclpy says of them, or are refused."""

import numpy as np
import pytest
from builtin_interfaces.msg import Time
from rclpy.serialization import serialize_message
from sensor_msgs.msg import Image
from std_msgs.msg import Header

from noetra_ros.ros.pictures import depth_picture_from_bytes, frame_from_bytes
from noetra_ros.ros.raw_picture import read_picture

pytestmark = pytest.mark.ros
RGB = np.arange(4 * 6 * 3, dtype=np.uint8).reshape(4, 6, 3)
PIXELS = RGB.tobytes()


def message(frame="front_optical_frame", encoding="rgb8", data=PIXELS, **fields):
    header = Header(stamp=Time(sec=3, nanosec=7), frame_id=frame)
    shape = {"height": 4, "width": 6, "step": 18, **fields}
    return serialize_message(Image(header=header, encoding=encoding, data=data, **shape))


@pytest.mark.parametrize("length", range(9))
@pytest.mark.parametrize("encoding", ["", "rgb8", "32FC1", "mono16x"])
def test_it_reads_what_rclpy_wrote_whatever_the_lengths_of_its_words(length, encoding):
    picture = read_picture(message("f" * length, encoding, bytes(range(72)), is_bigendian=1))
    assert (picture.stamp_ns, picture.encoding) == (3_000_000_007, encoding)
    assert (picture.height, picture.width, picture.step) == (4, 6, 18)
    assert bytes(picture.data) == bytes(range(72))


def test_frames_are_views_that_nobody_writes_to():
    taken = message()
    frame = frame_from_bytes(taken, "front")
    assert (frame.rgb == RGB).all() and (frame.stamp_ns, frame.camera) == (3_000_000_007, "front")
    assert np.shares_memory(frame.rgb, np.frombuffer(taken, np.uint8)) and not frame.rgb.flags.writeable
    metres = np.array([[0.5, np.inf], [np.nan, 2.0]], dtype=np.float32)
    depth = depth_picture_from_bytes(
        message(encoding="32FC1", data=metres.tobytes(), height=2, width=2, step=8), "front"
    )
    assert np.array_equal(depth.depth_m, metres, equal_nan=True)


def test_a_message_that_is_cut_off_anywhere_is_refused():
    whole = message()
    for end in range(len(whole) - 3):  # what is padded behind the pixels may be missing
        with pytest.raises(ValueError, match=r"cannot be read|ends before|of 4x6 rgb8 has"):
            frame_from_bytes(whole[:end], "front")


def test_lengths_that_lie_are_refused():
    whole = bytearray(message("front"))
    for at in range(4, 4 + 8 + 4 + 8 + 8 + 12 + 8):
        torn = bytes([*whole[:at], 255, *whole[at + 1 :]])
        try:
            frame = frame_from_bytes(torn, "front")
        except ValueError as error:
            assert str(error)
        else:
            assert frame.rgb.shape == (4, 6, 3)


def test_another_encapsulation_is_left_to_rclpy():
    """Big-endian machines send so; the header says it."""
    body = message("front")[4:]
    words = np.frombuffer(body[:12], "<u4").byteswap().tobytes()  # stamp and length of the frame
    swapped = b"\x00\x00\x00\x00" + words + b"front\0\0\0"
    swapped += np.array([4, 6], ">u4").tobytes() + np.array([5], ">u4").tobytes() + b"rgb8\0" + b"\0"
    swapped += b"\0\0" + np.array([18, 72], ">u4").tobytes() + RGB.tobytes()
    picture = read_picture(swapped)
    assert (picture.stamp_ns, picture.encoding, picture.step) == (3_000_000_007, "rgb8", 18)
    assert bytes(picture.data) == RGB.tobytes()
