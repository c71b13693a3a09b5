"""noetra.yaml: what a model file of another project does not say of itself, stated by who brings it.

LeRobot checkpoints and ONNX files know the sizes of their tensors, but not which joint a number belongs to,
in which unit it is, or how many rows a second has. Guessing would move a robot wrongly: it has no default.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np

from noetra_ros.core.config import load, read_yaml, setting
from noetra_ros.core.errors import ConfigError, Fault, single_fault
from noetra_ros.core.types import CommandKind, FloatArray
from noetra_ros.policy.spec import MEANINGS

SHEET_FILE = "noetra.yaml"
TWIST_COLUMNS = ("vx", "vy", "wz")
Sheet = TypeVar("Sheet", bound="ModelSheet")
RAD_PER_UNIT = {"rad": 1.0, "deg": math.pi / 180.0}


@dataclass(frozen=True)
class JointScale:
    """A joint whose numbers are neither rad nor deg, e.g. a gripper from 0 to 100."""

    rad_per_unit: float = setting("rad", "how far one unit of the model moves the joint")
    zero_rad: float = setting("rad", "position of the joint where the model says 0", default=0.0)

    def __post_init__(self) -> None:
        if self.rad_per_unit == 0.0:
            raise single_fault("scale", "rad_per_unit", 0.0, "not zero: the model's number would say nothing")


@dataclass(frozen=True, kw_only=True)
class ModelSheet:
    """What has to be known of any model before it may move a robot."""

    unit: str = setting(description="unit of joints and actions in the model", choices=tuple(RAD_PER_UNIT))
    rate_hz: float = setting(
        "Hz", "rows a second: the rate of the training data", minimum=0.1, maximum=1000.0
    )
    joints: tuple[str, ...] = setting(
        description="joints of the model's state, in its order; [] = reads none"
    )
    model: str = setting(description="name and version; empty = name of the folder", default="")
    kind: CommandKind = setting(description="meaning of the actions", default=CommandKind.JOINT_POSITION)
    actions: tuple[str, ...] = setting(
        description="columns of the actions; empty = as joints, or vx, vy, wz for a base", default=()
    )
    action_meaning: str = setting(
        description="absolute, delta (to the measured joints) or velocity; empty = as the kind says",
        choices=("", *MEANINGS),
        default="",
    )
    scales: dict[str, JointScale] = setting(
        description="joints in a unit of their own, by name", default_factory=dict
    )
    start_offset_s: float = setting("s", "from the observation to row 0", minimum=0.0, default=0.0)
    replan_s: float | None = setting(
        "s", "between inferences; null = half a chunk", minimum=1e-3, default=None
    )

    def __post_init__(self) -> None:
        faults = [
            Fault(f"scales.{name}", "a scale of no column", f"one of {', '.join(self.columns)}")
            for name in self.scales
            if name not in self.joints and name not in self.columns
        ]
        if not self.columns:
            faults.append(Fault("actions", "nothing", "the name of each column of the model's actions"))
        if faults:
            raise ConfigError(SHEET_FILE, faults)

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the actions' columns."""
        is_base = self.kind is CommandKind.BASE_TWIST
        return self.actions or (TWIST_COLUMNS if is_base else self.joints)

    @property
    def joint_scale(self) -> Scale:
        """From the model's joint numbers to rad."""
        return self._scale(self.joints, has_zero=True)

    @property
    def action_scale(self) -> Scale:
        """From the model's actions to rad, rad/s, or m/s and rad/s."""
        if self.kind is CommandKind.BASE_TWIST:
            return Scale(np.ones(len(self.columns)), np.zeros(len(self.columns)))
        return self._scale(self.columns, has_zero=self.kind is CommandKind.JOINT_POSITION)

    def _scale(self, names: tuple[str, ...], has_zero: bool) -> Scale:
        plain = JointScale(RAD_PER_UNIT[self.unit])
        scales = [self.scales.get(name, plain) for name in names]
        zero_rad = [scale.zero_rad if has_zero else 0.0 for scale in scales]
        return Scale(np.array([scale.rad_per_unit for scale in scales]), np.array(zero_rad))


@dataclass(frozen=True)
class Scale:
    """A factor and an offset for each column.

    Attributes:
        factor: (n,) not zero.
        offset: (n,) what 0 becomes.
    """

    factor: FloatArray
    offset: FloatArray

    def __call__(self, values: FloatArray) -> FloatArray:
        """(..., n) scaled."""
        return self.offset + self.factor * values

    def inverse(self) -> Scale:
        """The way back."""
        return Scale(1.0 / self.factor, -self.offset / self.factor)


def read_sheet(kind: type[Sheet], folder: Path, joints: tuple[str, ...]) -> Sheet:
    """Read noetra.yaml of a model's folder.

    Args:
        kind: the sheet of this format.
        folder: holds the model's files.
        joints: the robot's, to show how such a file begins where there is none.

    Raises:
        ConfigError: there is none, or every fault in it.
    """
    path = folder / SHEET_FILE
    if not path.is_file():
        expected = "a file that says which joints, unit and rate the model was trained with"
        example = f"unit: deg, rate_hz: 30, joints: [{', '.join(joints)}]"
        remedy = f"write it; keys by line, e.g. {example}; docs/your_model.md has them all"
        raise single_fault(str(folder), SHEET_FILE, "nothing there", expected, remedy)
    return load(kind, read_yaml(path), str(path))
