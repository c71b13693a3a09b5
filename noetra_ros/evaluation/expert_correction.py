"""The expert's corrections of somebody else's chunks, from the simulator's truth: what is to be learned.

It drives, too, partly and with noise, so that the states are those of good and of bad corrections (DART,
arXiv 1703.09327; DAgger, arXiv 1011.0686); what is kept is always the clean answer.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from noetra_ros.core.types import FloatArray, ImageArray, Observation
from noetra_ros.policy.correction.corrector import Ahead, Corrector, CorrectorSpec
from noetra_ros.robots.profile import RobotProfile
from noetra_ros.sim.experts.table import Expert
from noetra_ros.sim.world import World

NOISE_MEMORY = 0.8  # share of the last look's noise that stays
# The command of a joint that grips runs ahead of the joint for ever; it is anchored at the joint itself.
GRIPPER = "gripper"


def anchor_of(names: tuple[str, ...], joints: FloatArray, planned: FloatArray) -> FloatArray:
    """(n,) rad, from where the expert's way is to be gone: from the plan, which runs ahead of a moving joint.

    From the joint itself the robot would lose that lead at each correction, many times a second. A gripper
    that is blocked by what it holds is no nearer to its plan for waiting: it goes from where it is.
    """
    return np.where([name == GRIPPER for name in names], joints, planned)


@dataclass
class ExpertCorrector:
    """Implements `Corrector` for one world; keeps what it saw, was told and answered.

    Args:
        profile: the robot.
        world: it.
        spec: of the corrector that is to learn.
        wish: task and colour.
        cameras: pictures to keep.
        share: of its correction that is carried out: 0 = the chunk goes on uncorrected, 1 = all of it.
        noise_rad: spread of the disturbance of what is carried out.
        every: looks of which one is kept.
        rng: source of the noise.
        driver: a corrector whose corrections are carried out instead, with the noise; None = the expert's.
    """

    profile: RobotProfile
    world: World
    spec: CorrectorSpec
    wish: tuple[str, str]
    cameras: tuple[str, ...]
    share: float
    noise_rad: float
    every: int
    rng: np.random.Generator
    driver: Corrector | None = None
    pictures: dict[str, list[ImageArray]] = field(default_factory=dict)
    joints: list[FloatArray] = field(default_factory=list)
    answers: list[FloatArray] = field(default_factory=list)
    told: list[Ahead] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._expert = Expert(self.profile)
        self._noise = np.zeros(len(self.spec.joints))
        self._looks = 0

    def load(self) -> None:
        """Nothing to load."""

    def residuals(self, observation: Observation, ahead: Ahead) -> FloatArray:
        """(rows, n) rad: share and noise of what the expert would do from here."""
        spec, joints = self.spec, observation.joints.positions
        truth = self.world.truth()
        assert truth is not None, "worlds without tasks have no expert"
        answer = self._expert.action_chunk(truth, joints, *self.wish, n=spec.rows, dt=spec.step_s)
        if self._looks % self.every == 0:
            self._keep(joints, answer, ahead)
        self._looks += 1
        wanted = answer - joints + anchor_of(spec.joints, joints, ahead.planned)
        fresh = self.rng.normal(0.0, self.noise_rad, len(self._noise))
        self._noise = NOISE_MEMORY * self._noise + np.sqrt(1.0 - NOISE_MEMORY**2) * fresh
        if self.driver is not None:
            return self.driver.residuals(observation, ahead) + self._noise
        return self.share * (wanted - ahead.base[1:]) + self._noise

    def _keep(self, joints: FloatArray, answer: FloatArray, ahead: Ahead) -> None:
        for name in self.cameras:
            self.pictures.setdefault(name, []).append(self.world.render(name).rgb.copy())
        self.joints.append(joints.copy())
        self.answers.append(answer)
        self.told.append(ahead)
