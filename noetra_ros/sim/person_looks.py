"""What a simulated person looks like: skin, hair and clothes, drawn from the seed."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from noetra_ros.core.types import FloatArray
from noetra_ros.sim.person_figure import PART_REGIONS

STREAM = 0x100C  # looks are drawn apart from ways

# RGB, 0 to 1; six tones from light to dark.
SKIN = ((0.96, 0.82, 0.72), (0.90, 0.72, 0.58), (0.80, 0.60, 0.44), (0.64, 0.44, 0.30), (0.46, 0.30, 0.20),
        (0.30, 0.19, 0.13))  # fmt: skip
HAIR = ((0.06, 0.05, 0.05), (0.22, 0.14, 0.09), (0.45, 0.30, 0.16), (0.80, 0.66, 0.40), (0.66, 0.65, 0.64),
        (0.52, 0.20, 0.10))  # fmt: skip
CLOTHES = ((0.90, 0.90, 0.88), (0.10, 0.11, 0.13), (0.15, 0.22, 0.45), (0.55, 0.12, 0.14), (0.20, 0.40, 0.28),
           (0.55, 0.55, 0.58), (0.85, 0.55, 0.15), (0.45, 0.32, 0.22), (0.60, 0.72, 0.85), (0.90, 0.85, 0.20),
           (0.42, 0.25, 0.50))  # fmt: skip
SHADE = 0.12
BARE_ARM_SHARE = 0.5
GLOVE_SHARE = 0.15
BALD_SHARE = 0.15


def person_colours(seed: int) -> Mapping[str, FloatArray]:
    """(3,) RGB, 0 to 1, by part; the same seed gives the same colours."""
    rng = np.random.default_rng([seed, STREAM])
    skin, hair, shirt, trousers, glove = (
        _shade(rng, palette) for palette in (SKIN, HAIR, CLOTHES, CLOTHES, CLOTHES)
    )
    head = skin if rng.random() < BALD_SHARE else hair
    forearm = skin if rng.random() < BARE_ARM_SHARE else shirt
    hand = glove if rng.random() < GLOVE_SHARE else skin
    by_region = {
        "skull": head,
        "neck": skin,
        "chest": shirt,
        "abdomen": shirt,
        "pelvis": trousers,
        "upper_arm": shirt,
        "forearm": forearm,
        "hand": hand,
        "thigh": trousers,
        "lower_leg": trousers,
    }
    return {part: by_region[region] for part, region in PART_REGIONS.items()}


def _shade(rng: np.random.Generator, palette: tuple[tuple[float, float, float], ...]) -> FloatArray:
    chosen = np.array(palette[int(rng.integers(len(palette)))])
    return np.clip(chosen * (1.0 + rng.uniform(-1, 1) * SHADE) + rng.uniform(-1, 1, 3) * SHADE / 3, 0.02, 1.0)
