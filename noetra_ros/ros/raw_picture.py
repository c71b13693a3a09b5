"""Image messages read from the bytes that came: without rclpy's unpacking, which costs 0.15 ms a picture."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from rclpy.serialization import deserialize_message
from sensor_msgs.msg import Image

from noetra_ros.ros.conversions import NS_PER_S, stamp_to_ns

# Encapsulation identifier of plain CDR, little endian (DDSI-RTPS 2.5, 10.2); what is told otherwise is left
# to rclpy.
PLAIN_LITTLE_ENDIAN = b"\x00\x01"
ENCAPSULATION = 4  # bytes; alignment counts from behind them
NUMBERS, STAMP = struct.Struct("<I"), struct.Struct("<iI")


@dataclass(frozen=True)
class RawPicture:
    """What is read of a sensor_msgs/Image; names as there.

    Attributes:
        stamp_ns: time of exposure.
        height, width: px.
        encoding: of a pixel.
        step: bytes of a row.
        data: its rows; a view into the bytes that came.
    """

    stamp_ns: int
    height: int
    width: int
    encoding: str
    step: int
    data: memoryview | bytes


def read_picture(message: bytes) -> RawPicture:
    """A picture as DDS brings it.

    Args:
        message: serialized sensor_msgs/Image, with its encapsulation.

    Raises:
        ValueError: bytes that end too early or are no such message.
    """
    if message[:2] != PLAIN_LITTLE_ENDIAN:
        return _unpacked(message)
    body = memoryview(message)[ENCAPSULATION:]
    try:
        sec, nanosec = STAMP.unpack_from(body, 0)
        _, at = _string(body, STAMP.size)  # the frame: the profile says it
        height, at = _number(body, at)
        width, at = _number(body, at)
        encoding, at = _string(body, at)
        step, at = _number(body, at + 1)  # behind is_bigendian
        size, at = _number(body, at)
    except (struct.error, UnicodeDecodeError) as error:
        raise ValueError(f"image of {len(message)} bytes cannot be read: {error}") from error
    if at + size > len(body):
        raise ValueError(f"image of {len(message)} bytes ends before its {size} bytes of pixels do")
    return RawPicture(sec * NS_PER_S + nanosec, height, width, encoding, step, body[at : at + size])


def _number(body: memoryview, at: int) -> tuple[int, int]:
    """An unsigned number of 32 bits, aligned, and where it ends."""
    begin = at + -at % NUMBERS.size
    return NUMBERS.unpack_from(body, begin)[0], begin + NUMBERS.size


def _string(body: memoryview, at: int) -> tuple[str, int]:
    """A string, whose length counts the zero behind it, and where it ends."""
    length, begin = _number(body, at)
    if begin + length > len(body):
        raise struct.error(f"a string of {length} bytes goes beyond its end")
    return bytes(body[begin : begin + max(length - 1, 0)]).decode(), begin + length


def _unpacked(message: bytes) -> RawPicture:
    try:
        image = deserialize_message(message, Image)
    except Exception as error:  # rclpy raises what the middleware does
        raise ValueError(f"image of {len(message)} bytes cannot be read: {error}") from error
    stamp_ns, data = stamp_to_ns(image.header.stamp), bytes(image.data)
    return RawPicture(stamp_ns, image.height, image.width, image.encoding, image.step, data)
