"""noetra.yaml beside an ONNX file: what each of its tensors means."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from noetra_ros.core.config import setting
from noetra_ros.core.errors import ConfigError, Fault
from noetra_ros.core.types import FloatArray
from noetra_ros.policy.model_sheet import SHEET_FILE, ModelSheet
from noetra_ros.policy.spec import RESIZES

SOURCES = ("camera", "joints", "sentence", "noise")
LAYOUTS = ("nchw", "nhwc")


@dataclass(frozen=True, kw_only=True)
class TensorSheet:
    """Where an input of the graph comes from, and how it is normalised: (x * full - mean) / deviation."""

    source: str = setting(description="what it holds", choices=SOURCES)
    camera: str = setting(description="camera of the robot profile; source camera only", default="")
    width_px: int = setting("px", "width; source camera only", minimum=1, default=1)
    height_px: int = setting("px", "height; source camera only", minimum=1, default=1)
    layout: str = setting(
        description="order of the axes; source camera only", choices=LAYOUTS, default="nchw"
    )
    full: float = setting("1", "value of a fully bright channel: 1 or 255", minimum=1.0, default=1.0)
    mean: tuple[float, ...] = setting("", "of each channel or joint, subtracted; empty = 0", default=())
    deviation: tuple[float, ...] = setting("", "of each channel or joint, divided by; empty = 1", default=())
    source_px: tuple[int, int] | None = setting(
        "px",
        "width and height of training's pictures as the camera took them; null = not known",
        default=None,
    )
    resize: str = setting(
        description="how they came from there to width and height; empty = not known",
        choices=("", *RESIZES),
        default="",
    )

    def normalised(self, values: FloatArray) -> FloatArray:
        """(..., n) with mean and deviation of the training data taken out."""
        return (values - np.array(self.mean or (0.0,))) / np.array(self.deviation or (1.0,))


@dataclass(frozen=True, kw_only=True)
class OnnxSheet(ModelSheet):
    """What an ONNX file does not say of its tensors."""

    rows: int = setting(description="rows of an answer", minimum=1)
    inputs: dict[str, TensorSheet] = setting(description="each input of the graph by its name")
    output: str = setting(description="the graph's output that holds the actions: (1, rows, columns)")
    file: str = setting(description="the graph, in the same folder", default="model.onnx")
    action_mean: tuple[float, ...] = setting("", "of each column, added to the answer; empty = 0", default=())
    action_deviation: tuple[float, ...] = setting(
        "", "of each column, the answer is multiplied by it; empty = 1", default=()
    )
    sentences: dict[str, tuple[int, ...]] = setting(
        description="tokens of every sentence that may be said; where an input holds the sentence",
        default_factory=dict,
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        faults = [*self._input_faults(), *self._sentence_faults()]
        for key, numbers in (("action_mean", self.action_mean), ("action_deviation", self.action_deviation)):
            if len(numbers) not in (0, len(self.columns)):
                faults.append(Fault(key, f"{len(numbers)} numbers", f"{len(self.columns)}, one for a column"))
        if faults:
            raise ConfigError(SHEET_FILE, faults)

    @property
    def needs_instruction(self) -> bool:
        """Some input holds the sentence."""
        return any(tensor.source == "sentence" for tensor in self.inputs.values())

    def _input_faults(self) -> list[Fault]:
        faults = []
        for name, tensor in self.inputs.items():
            size = {"camera": 3, "joints": len(self.joints)}.get(tensor.source, 0)
            for key in ("mean", "deviation"):
                numbers = getattr(tensor, key)
                if len(numbers) not in (0, size):
                    faults.append(Fault(f"inputs.{name}.{key}", f"{len(numbers)} numbers", f"0 or {size}"))
            if any(number <= 0 for number in tensor.deviation):
                faults.append(Fault(f"inputs.{name}.deviation", str(tensor.deviation), "more than zero each"))
            if tensor.source == "camera" and not tensor.camera:
                faults.append(Fault(f"inputs.{name}.camera", "nothing", "a camera of the robot profile"))
        return faults

    def _sentence_faults(self) -> list[Fault]:
        if self.needs_instruction and not self.sentences:
            return [Fault("sentences", "nothing", "tokens by sentence, for the input that holds it")]
        if len({len(tokens) for tokens in self.sentences.values()}) > 1:
            return [Fault("sentences", "several lengths", "one length, padded as in training")]
        return []
