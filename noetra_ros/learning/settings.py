"""What every training run is told: seed, length, optimiser. Each network's own settings add to it."""

from __future__ import annotations

from dataclasses import dataclass

from noetra_ros.core.config import setting
from noetra_ros.core.errors import single_fault


@dataclass(frozen=True)
class RunSettings:
    """One run of training; either `steps` or `minutes` says how long. A resumed run has to repeat it all."""

    seed: int = setting(description="of weights, batches and augmentation", default=0, minimum=0)
    steps: int = setting(description="steps in all; 0 = as many as fit into minutes", default=0, minimum=0)
    minutes: float = setting("min", "time in all; 0 = as steps say", default=0.0, minimum=0.0)
    batch_size: int = setting(description="examples a step", default=64, minimum=1)
    learning_rate: float = setting(description="highest; falls along half a cosine", default=1e-3)
    weight_decay: float = setting(description="of AdamW", default=1e-4, minimum=0.0)
    warm_up_steps: int = setting(description="steps until the highest learning rate", default=200, minimum=0)
    average_memory: float = setting(description="of the running mean of weights", default=0.998)
    check_every_steps: int = setting(description="between looks at kept-back data", default=250, minimum=1)
    keep_every: int = setting(description="each n-th episode or scene is kept back", default=20, minimum=2)

    def __post_init__(self) -> None:
        if (self.steps > 0) == (self.minutes > 0):
            got = f"steps {self.steps} and minutes {self.minutes}"
            raise single_fault("training", "steps", got, "one of the two above zero")

    def progress(self, step: int, elapsed_s: float) -> float:
        """Share of the run that is done, 0..1 and beyond."""
        return step / self.steps if self.steps else elapsed_s / (60.0 * self.minutes)
