"""A simulated person's body: capsules with anthropometric lengths, posed by place, lean and both hands."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from noetra_ros.core.types import FloatArray

# Part -> body region in the words of ISO/TS 15066, table A.2.
PART_REGIONS: dict[str, str] = {
    "head": "skull",
    "neck": "neck",
    "chest": "chest",
    "abdomen": "abdomen",
    "pelvis": "pelvis",
    "left_upper_arm": "upper_arm",
    "left_forearm": "forearm",
    "left_hand": "hand",
    "right_upper_arm": "upper_arm",
    "right_forearm": "forearm",
    "right_hand": "hand",
    "left_thigh": "thigh",
    "left_shin": "lower_leg",
    "right_thigh": "thigh",
    "right_shin": "lower_leg",
}
PARTS = tuple(PART_REGIONS)
TRUNK_PARTS = ("chest", "abdomen", "pelvis")
ARM_PARTS = tuple(p for p in PARTS if PART_REGIONS[p] in ("upper_arm", "forearm", "hand"))
STATURES_M = (1.55, 1.95)
SIDES = {"left": 1.0, "right": -1.0}

# The elbow hangs down, a little out and back.
ELBOW_POLE = (-0.25, 0.35, -1.0)
STRETCHED = 0.97  # an arm never quite straightens


@dataclass(frozen=True)
class Figure:
    """Lengths of one person.

    The shares of the stature are those of Drillis and Contini, "Body segment parameters" (1966), rounded; the
    radii are those of a slender adult, so that a capsule never reaches beyond the limb that it stands for.

    Attributes:
        stature_m: height.
        girth: factor on all radii.
    """

    stature_m: float
    girth: float

    @property
    def radii_m(self) -> FloatArray:
        """(k,) radii in the order of `PARTS`."""
        arm = (0.046, 0.038, 0.034)
        leg = (0.075, 0.050)
        return self.girth * np.array([0.080, 0.052, 0.125, 0.118, 0.130, *arm, *arm, *leg, *leg])

    @property
    def upper_arm_m(self) -> float:
        """Shoulder to elbow."""
        return 0.186 * self.stature_m

    @property
    def forearm_m(self) -> float:
        """Elbow to wrist."""
        return 0.146 * self.stature_m

    @property
    def hand_m(self) -> float:
        """Wrist to the centre of the capsule's far end, in the fingers."""
        return 0.065 * self.stature_m

    @property
    def reach_m(self) -> float:
        """Shoulder to the far end of the hand, as far as an arm is stretched here."""
        return STRETCHED * (self.upper_arm_m + self.forearm_m + self.hand_m)

    def shoulder(self, side: str, lean_rad: FloatArray) -> FloatArray:
        """(T, 3) shoulder joints, body frame: x forward, y left, z up from the floor below the pelvis."""
        return self._leaned(
            np.array([0.0, SIDES[side] * 0.105 * self.stature_m, 0.79 * self.stature_m]), lean_rad
        )

    def _leaned(self, upright_m: FloatArray, lean_rad: FloatArray) -> FloatArray:
        """(T, 3) a point of the trunk, turned forward about the hips."""
        hip = 0.51 * self.stature_m
        above = upright_m[2] - hip
        sin, cos = np.sin(lean_rad), np.cos(lean_rad)
        side = np.full_like(sin, upright_m[1])
        return np.stack(
            [upright_m[0] * cos + above * sin, side, hip + above * cos - upright_m[0] * sin], axis=-1
        )

    def segments(self, lean_rad: FloatArray, hands_m: dict[str, FloatArray]) -> FloatArray:
        """Segments of all capsules, body frame.

        Args:
            lean_rad: (T,) how far the trunk leans forward.
            hands_m: (T, 3) where the far end of the left and right hand should be, body frame; what lies
                beyond reach is approached as far as the arm goes.

        Returns:
            (T, k, 2, 3) m, in the order of `PARTS`.
        """
        h = self.stature_m
        trunk = [
            ((0.01, 0.0, 0.912 * h), (0.01, 0.0, 0.945 * h)),
            ((0.0, 0.0, 0.83 * h), (0.0, 0.0, 0.88 * h)),
            ((0.0, -0.045 * h, 0.735 * h), (0.0, 0.045 * h, 0.735 * h)),
            ((0.0, -0.035 * h, 0.615 * h), (0.0, 0.035 * h, 0.615 * h)),
            ((0.0, -0.035 * h, 0.51 * h), (0.0, 0.035 * h, 0.51 * h)),
        ]
        parts = [np.stack([self._leaned(np.array(p), lean_rad) for p in ends], axis=1) for ends in trunk]
        for side in SIDES:
            parts += self._arm(side, lean_rad, hands_m[side])
        for sign in SIDES.values():
            hip, knee, ankle = ((0.0, sign * 0.052 * h, share * h) for share in (0.50, 0.285, 0.045))
            parts += [
                np.broadcast_to(np.array(ends), (len(lean_rad), 2, 3))
                for ends in ((hip, knee), (knee, ankle))
            ]
        return np.stack(parts, axis=1)

    def _arm(self, side: str, lean_rad: FloatArray, hand_m: FloatArray) -> list[FloatArray]:
        """(T, 2, 3) upper arm, forearm and hand by two-link inverse kinematics; the wrist stays straight."""
        shoulder = self.shoulder(side, lean_rad)
        upper, lower = self.upper_arm_m, self.forearm_m + self.hand_m
        wanted = hand_m - shoulder
        distance = np.linalg.norm(wanted, axis=-1, keepdims=True)
        along = wanted / np.maximum(distance, 1e-6)
        distance = np.clip(distance, 1.05 * abs(upper - lower) + 0.10, self.reach_m)
        pole = np.array(ELBOW_POLE) * [1.0, SIDES[side], 1.0]
        aside = pole - (along @ pole)[:, None] * along
        aside /= np.linalg.norm(aside, axis=-1, keepdims=True)
        projected = (upper**2 - lower**2 + distance**2) / (2.0 * distance)
        elbow = shoulder + projected * along + np.sqrt(np.maximum(upper**2 - projected**2, 0.0)) * aside
        tip = shoulder + distance * along
        wrist = elbow + (tip - elbow) * (self.forearm_m / lower)
        return [np.stack(ends, axis=1) for ends in ((shoulder, elbow), (elbow, wrist), (wrist, tip))]


def reach_beyond_trunk_m(segments_m: FloatArray, radii_m: FloatArray) -> dict[str, float]:
    """How far each hand reaches out beyond the trunk, seen from above; of one that hangs, some centimetres.

    Args:
        segments_m: (k, 2, 3) end centres of `PARTS`.
        radii_m: (k,) their radii.

    Returns:
        m by side, ``left`` and ``right``.
    """
    trunk = [PARTS.index(part) for part in TRUNK_PARTS]
    along = np.linspace(0.0, 1.0, 5)[:, None, None]
    start, end = segments_m[trunk, 0, :2], segments_m[trunk, 1, :2]
    axis = start + along * (end - start)
    tips = {side: segments_m[PARTS.index(f"{side}_hand"), 1, :2] for side in SIDES}
    gaps = {side: np.linalg.norm(axis - tip, axis=-1) - radii_m[trunk] for side, tip in tips.items()}
    return {side: float(gap.min()) for side, gap in gaps.items()}


def quats_along_z(directions: FloatArray) -> FloatArray:
    """(..., 4) wxyz: the shortest turns of the z axis into (..., 3) directions of any length but zero."""
    unit = directions / np.linalg.norm(directions, axis=-1, keepdims=True)
    nothing = np.zeros(unit.shape[:-1])
    quats = np.stack([1.0 + unit[..., 2], -unit[..., 1], unit[..., 0], nothing], axis=-1)
    quats[quats[..., 0] < 1e-9] = [0.0, 1.0, 0.0, 0.0]
    return quats / np.linalg.norm(quats, axis=-1, keepdims=True)
