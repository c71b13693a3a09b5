"""How noetra_nano is trained: all that a resumed run has to repeat."""

from __future__ import annotations

from dataclasses import dataclass, field

from noetra_ros.core.config import setting
from noetra_ros.learning.augment import Augmentation
from noetra_ros.learning.settings import RunSettings
from noetra_ros.policy.models.nano import NanoShape


@dataclass(frozen=True)
class TrainingSettings(RunSettings):
    """One run of training."""

    word_drop: float = setting(description="share of words made unknown", default=0.12, minimum=0.0)
    shape: NanoShape = field(default_factory=NanoShape)
    augmentation: Augmentation = field(default_factory=Augmentation)
