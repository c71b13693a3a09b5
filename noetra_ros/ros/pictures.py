"""Image messages and numpy pictures, without copies: one kept message out, a view in."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

import numpy as np
import PIL.Image
from numpy.typing import NDArray
from sensor_msgs.msg import CameraInfo, CompressedImage, Image

from noetra_ros.core.types import CameraFrame, ImageArray
from noetra_ros.ros.conversions import ns_to_stamp, stamp_to_ns
from noetra_ros.ros.raw_picture import RawPicture, read_picture

PICTURE_CHANNELS = {"rgb8": (3, np.dtype(np.uint8)), "32FC1": (1, np.dtype(np.float32))}

MILLIMETRES = 1e-3


@dataclass(frozen=True)
class DepthPicture:
    """One depth picture of one camera.

    Attributes:
        stamp_ns: time of exposure.
        camera: name in the robot profile.
        depth_m: (height, width) float32, m; infinity = nothing within range, NaN = invalid.
    """

    stamp_ns: int
    camera: str
    depth_m: NDArray[np.float32]


@dataclass(frozen=True)
class Lens:
    """Intrinsics of a camera without distortion: size, focal lengths and principal point, px."""

    width_px: int
    height_px: int
    fx_px: float
    fy_px: float
    cx_px: float
    cy_px: float


class PictureMessage:
    """One Image message that is filled again and again: 0.05 ms a picture instead of 240.

    Args:
        height_px, width_px: size.
        encoding: ``rgb8`` or ``32FC1``.
        frame_id: optical frame.
    """

    def __init__(self, height_px: int, width_px: int, encoding: str, frame_id: str) -> None:
        channels, kind = PICTURE_CHANNELS[encoding]
        step = width_px * channels * kind.itemsize
        self._message = Image(height=height_px, width=width_px, encoding=encoding, step=step)
        self._message.header.frame_id = frame_id
        self._message.data = bytes(step * height_px)
        self._pixels = np.frombuffer(self._message.data, kind)

    def filled(self, picture: NDArray[Any], stamp_ns: int) -> Image:
        """The message with this picture; valid until the next call.

        Args:
            picture: (height, width, 3) uint8 or (height, width) float32 in m.
            stamp_ns: time of exposure.
        """
        if picture.size != self._pixels.size:
            raise ValueError(
                f"picture has {picture.shape}, the message {self._message.height}x{self._message.width}"
            )
        np.copyto(self._pixels, picture.ravel())
        self._message.header.stamp = ns_to_stamp(stamp_ns)
        return self._message


def rgb_from_image(message: Image | RawPicture) -> ImageArray:
    """(height, width, 3) uint8 view into the message (rgb8, or bgr8 read backwards); no copy.

    Raises:
        ValueError: another encoding, or fewer bytes than the size asks for.
    """
    if message.encoding not in ("rgb8", "bgr8"):
        raise ValueError(f"image encoding is {message.encoding!r}, expected rgb8 or bgr8")
    pixels = _rows(message, np.dtype(np.uint8), 3).reshape(message.height, message.width, 3)
    return pixels if message.encoding == "rgb8" else pixels[:, :, ::-1]


def depth_from_image(message: Image | RawPicture) -> NDArray[np.float32]:
    """(height, width) float32 in m, NaN = no return: a view for 32FC1, a copy for 16UC1 (mm, 0 = no return;
    REP-118).

    Raises:
        ValueError: another encoding, or fewer bytes than the size asks for.
    """
    if message.encoding == "16UC1":
        millimetres = _rows(message, np.dtype(np.uint16), 1)
        return np.where(millimetres == 0, np.float32(np.nan), millimetres * np.float32(MILLIMETRES))
    if message.encoding != "32FC1":
        raise ValueError(f"depth encoding is {message.encoding!r}, expected 32FC1 in m or 16UC1 in mm")
    return _rows(message, np.dtype(np.float32), 1)


def _rows(message: Image | RawPicture, kind: np.dtype[Any], channels: int) -> NDArray[Any]:
    """(height, width * channels) view without the padding that `step` may ask for."""
    width = message.width * channels
    if message.step < width * kind.itemsize or len(message.data) < message.step * message.height:
        got = f"{len(message.data)} bytes, step {message.step}"
        raise ValueError(f"image of {message.height}x{message.width} {message.encoding} has {got}")
    raw = np.frombuffer(message.data, np.uint8, message.step * message.height)
    rows = raw.reshape(message.height, message.step)[:, : width * kind.itemsize]
    return rows.view(kind)


def frame_from_bytes(message: bytes, camera: str) -> CameraFrame:
    """A camera frame of a serialized Image; its pixels are a view into it, not to be written to.

    Raises:
        ValueError: see `read_picture` and `rgb_from_image`.
    """
    picture = read_picture(message)
    return CameraFrame(picture.stamp_ns, camera, rgb_from_image(picture))


def frame_from_compressed(message: CompressedImage, camera: str) -> CameraFrame:
    """A camera frame of a JPEG or PNG picture.

    Raises:
        ValueError: another format, or bytes that are no picture.
    """
    try:
        with PIL.Image.open(io.BytesIO(bytes(message.data)), formats=("JPEG", "PNG")) as picture:
            rgb = np.asarray(picture.convert("RGB"))
    except (OSError, SyntaxError) as error:
        size = len(message.data)
        raise ValueError(f"compressed image of {size} bytes: {error}, expected JPEG or PNG") from error
    return CameraFrame(stamp_to_ns(message.header.stamp), camera, rgb)


def depth_picture_from_bytes(message: bytes, camera: str) -> DepthPicture:
    """A depth picture of a serialized Image, not to be written to.

    Raises:
        ValueError: see `read_picture` and `depth_from_image`.
    """
    picture = read_picture(message)
    return DepthPicture(picture.stamp_ns, camera, depth_from_image(picture))


def lens_from_camera_info(message: CameraInfo) -> Lens:
    """Intrinsics of the rectified picture: P where the message gives it, else K.

    Raises:
        ValueError: no focal length; or no P and distortion, so that only the picture as taken could be meant.
    """
    fx, _, cx, _, _, fy, cy = message.p[:7]
    if fx <= 0.0 and not any(message.d):
        fx, _, cx, _, fy, cy = message.k[:6]
    if not (fx > 0.0 and fy > 0.0):
        words = f"camera_info: focal lengths {fx}, {fy} px, distortion {list(message.d)}"
        raise ValueError(f"{words}; expected P of rectified pictures (image_proc), or K without distortion")
    return Lens(int(message.width), int(message.height), float(fx), float(fy), float(cx), float(cy))
