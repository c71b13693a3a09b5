"""How noetra_scene is trained: all that a resumed run has to repeat."""

from __future__ import annotations

from dataclasses import dataclass, field

from noetra_ros.core.config import setting
from noetra_ros.learning.augment import Augmentation
from noetra_ros.learning.settings import RunSettings
from noetra_ros.perception.models.scene_network import SceneShape

# No shift: the labels would have to follow. Hues may turn as little as a red cube stays red.
AUGMENTATION = Augmentation(brightness=0.3, contrast=0.2, tint=0.08, hue=0.015, noise=0.02, shift_px=0)


@dataclass(frozen=True)
class SceneSettings(RunSettings):
    """One run of training; a batch counts pictures of the smallest size, larger ones are fewer."""

    centre_weight: float = setting(description="of the loss on centres", default=0.1, minimum=0.0)
    vote_weight: float = setting(description="of the loss on votes", default=0.5, minimum=0.0)
    small_area_px: float = setting(
        "px", "pixels of things smaller than this weigh more", default=400.0, minimum=1.0
    )
    most_weight: float = setting(description="highest weight of a pixel", default=8.0, minimum=1.0)
    people_weight: float = setting(
        description="factor on that of people and hands: missing one is worse", default=4.0, minimum=0.1
    )
    people_share: float = setting(
        description="of a batch drawn from pictures with people", default=0.4, minimum=0.0, maximum=1.0
    )
    shape: SceneShape = field(default_factory=SceneShape)
    augmentation: Augmentation = AUGMENTATION
