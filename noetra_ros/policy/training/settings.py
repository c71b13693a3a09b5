"""How noetra_nano is trained: all that a resumed run has to repeat."""

from __future__ import annotations

from dataclasses import dataclass, field

from noetra_ros.core.config import setting
from noetra_ros.core.errors import single_fault
from noetra_ros.policy.models.nano import NanoShape
from noetra_ros.policy.training.augment import Augmentation


@dataclass(frozen=True)
class TrainingSettings:
    """One run of training; either `steps` or `minutes` says how long."""

    seed: int = setting(description="of weights, batches and augmentation", default=0, minimum=0)
    steps: int = setting(description="steps in all; 0 = as many as fit into minutes", default=0, minimum=0)
    minutes: float = setting("min", "time in all; 0 = as steps say", default=0.0, minimum=0.0)
    batch_size: int = setting(description="decisions a step", default=64, minimum=1)
    learning_rate: float = setting(description="highest; falls along half a cosine", default=1e-3)
    weight_decay: float = setting(description="of AdamW", default=1e-4, minimum=0.0)
    warm_up_steps: int = setting(description="steps until the highest learning rate", default=200, minimum=0)
    average_memory: float = setting(description="of the running mean of weights", default=0.998)
    word_drop: float = setting(description="share of words made unknown", default=0.12, minimum=0.0)
    check_every_steps: int = setting(
        description="between looks at kept-back episodes", default=250, minimum=1
    )
    keep_every: int = setting(description="each n-th episode is kept back", default=20, minimum=2)
    shape: NanoShape = field(default_factory=NanoShape)
    augmentation: Augmentation = field(default_factory=Augmentation)

    def __post_init__(self) -> None:
        if (self.steps > 0) == (self.minutes > 0):
            got = f"steps {self.steps} and minutes {self.minutes}"
            raise single_fault("training", "steps", got, "one of the two above zero")

    def progress(self, step: int, elapsed_s: float) -> float:
        """Share of the run that is done, 0..1 and beyond."""
        return step / self.steps if self.steps else elapsed_s / (60.0 * self.minutes)
