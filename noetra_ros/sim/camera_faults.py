"""Cameras that lie: what a broken sensor makes of true pictures, depth and stamps."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

import numpy as np

from noetra_ros.core.errors import single_fault
from noetra_ros.core.types import FloatArray
from noetra_ros.sim.cameras import CameraImage

# Kind -> amount where none is given. none, frozen and black have none.
USUAL_AMOUNTS: dict[str, float] = {
    "none": 0.0,
    "frozen": 0.0,
    "black": 0.0,
    "blurred": 4.0,  # px, standard deviation
    "moved": 0.10,  # rad
    "depth_holes": 0.6,  # share of the pixels
    "late": 0.5,  # s
    "stamp_jump": -1.0,  # s
}
KINDS = tuple(USUAL_AMOUNTS)
SHIFT_M_PER_RAD = 0.5
HOLE_SIZE_PX = 5.0
NS_PER_S = 1_000_000_000


@dataclass(frozen=True)
class CameraFault:
    """What is wrong with a camera.

    Attributes:
        kind: one of `KINDS`.
        amount: how much, in the unit of the kind; 0 = the usual amount.
        seed: of what is drawn: direction of a move, places of holes.

    Raises:
        ConfigError: unknown kind, or an amount that the kind cannot have.
    """

    kind: str = "none"
    amount: float = 0.0
    seed: int = 0

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise single_fault("camera fault", "kind", repr(self.kind), f"one of {', '.join(KINDS)}")
        is_least = self.kind in ("stamp_jump", "moved") or self.amount >= 0.0
        is_most = self.kind != "depth_holes" or self.amount <= 1.0
        if not np.isfinite(self.amount) or not is_least or not is_most:
            raise single_fault("camera fault", "amount", self.amount, f"a possible amount for {self.kind}")

    @property
    def size(self) -> float:
        """The amount, or the usual one."""
        return self.amount or USUAL_AMOUNTS[self.kind]

    def displacement(self) -> tuple[FloatArray, FloatArray]:
        """(3,) m and (3,) rad: how a moved camera lies, in its own frame; zero for every other kind."""
        if self.kind != "moved":
            return np.zeros(3), np.zeros(3)
        turn, shift = np.random.default_rng(self.seed).normal(size=(2, 3))
        turn, shift = turn / np.linalg.norm(turn), shift / np.linalg.norm(shift)
        return SHIFT_M_PER_RAD * self.size * shift, self.size * turn


@dataclass
class FaultyCamera:
    """Passes one camera's pictures on as its fault has them; a fault begins with the next picture."""

    fault: CameraFault = field(default_factory=CameraFault)
    _kept: deque[tuple[CameraImage, int]] = field(default_factory=deque)

    def set(self, fault: CameraFault) -> None:
        """Begin another fault; `none` ends it."""
        self.fault = fault
        self._kept.clear()

    def pass_on(self, image: CameraImage, stamp_ns: int) -> list[tuple[CameraImage, int]]:
        """What comes out of the camera when it has taken a true picture: none, one or more, with stamps."""
        kind, size = self.fault.kind, self.fault.size
        if kind == "frozen":
            if not self._kept:
                self._kept.append((image, stamp_ns))
            return [(self._kept[0][0], stamp_ns)]
        if kind == "late":
            self._kept.append((image, stamp_ns))
            return self._come_by(stamp_ns - round(size * NS_PER_S))
        if kind == "stamp_jump":
            return [(image, max(0, stamp_ns + round(size * NS_PER_S)))]
        if kind == "black":
            return [(blackened(image), stamp_ns)]
        if kind == "blurred":
            return [(blurred(image, size), stamp_ns)]
        if kind == "depth_holes":
            return [(with_depth_holes(image, size, self.fault.seed), stamp_ns)]
        return [(image, stamp_ns)]

    def _come_by(self, until_ns: int) -> list[tuple[CameraImage, int]]:
        arrived = []
        while self._kept and self._kept[0][1] <= until_ns:
            arrived.append(self._kept.popleft())
        return arrived


def blackened(image: CameraImage) -> CameraImage:
    """A covered lens: black, and no depth (NaN) anywhere."""
    return CameraImage(np.zeros_like(image.rgb), np.full_like(image.depth_m, np.nan))


def blurred(image: CameraImage, sigma_px: float) -> CameraImage:
    """Out of focus, or dirt on the lens: colour and depth smeared; NaN and infinity stay where they are."""
    from scipy import ndimage  # takes 1.7 s, and hardly any camera ever lies

    rgb = ndimage.gaussian_filter(image.rgb, (sigma_px, sigma_px, 0.0))
    is_known = np.isfinite(image.depth_m)
    weight = ndimage.gaussian_filter(is_known.astype(np.float32), sigma_px)
    sums = ndimage.gaussian_filter(np.where(is_known, image.depth_m, 0.0).astype(np.float32), sigma_px)
    depth = np.where(is_known, sums / np.maximum(weight, 1e-6), image.depth_m)
    return CameraImage(rgb, depth.astype(np.float32))


def with_depth_holes(image: CameraImage, share: float, seed: int) -> CameraImage:
    """Patches without depth (NaN) over a share of the pixels, in places drawn from the seed."""
    from scipy import ndimage

    noise = np.random.default_rng(seed).normal(size=image.depth_m.shape)
    field_of_holes = ndimage.gaussian_filter(noise, HOLE_SIZE_PX)
    depth = image.depth_m.copy()
    depth[field_of_holes <= np.quantile(field_of_holes, share)] = np.nan
    return CameraImage(image.rgb, depth)
