"""An ONNX graph with a sheet beside it that says what its tensors mean."""

from __future__ import annotations

import itertools
import time
from typing import TYPE_CHECKING

import numpy as np

from noetra_ros.core.errors import ConfigError, single_fault
from noetra_ros.core.types import ActionChunk, CommandKind, FloatArray, Observation
from noetra_ros.policy.backend import BACKENDS, BackendOptions
from noetra_ros.policy.chunk_writer import ChunkWriter
from noetra_ros.policy.errors import PolicyError
from noetra_ros.policy.model_sheet import read_sheet
from noetra_ros.policy.observation import joints_in_order, picture
from noetra_ros.policy.onnx.sheet import OnnxSheet, TensorSheet
from noetra_ros.policy.spec import CameraNeed, PolicySpec

if TYPE_CHECKING:
    from noetra_ros.policy.onnx.graph import OnnxGraph

BRIGHTEST = 255.0


@BACKENDS.register("onnx")
class OnnxBackend:
    """Runs on onnxruntime; noise of a flow policy is seeded by the number of inferences since `reset()`."""

    def __init__(self, options: BackendOptions) -> None:
        if options.checkpoint is None:
            remedy = "set checkpoint to a folder with an .onnx file and noetra.yaml"
            raise single_fault("policy onnx", "checkpoint", "nothing", "a folder", remedy)
        self._folder, self._device = options.checkpoint, options.device
        self._sheet = read_sheet(OnnxSheet, self._folder, tuple(options.robot.joints))
        self._pictures = {
            name: _camera(tensor) for name, tensor in self._sheet.inputs.items() if tensor.source == "camera"
        }
        self._spec = _spec(self._sheet, self._folder.name, tuple(self._pictures.values()))
        self._to_model, self._from_model = self._sheet.joint_scale.inverse(), self._sheet.action_scale
        self._channel = options.channel_name
        self._chunks = ChunkWriter(self._spec, self._channel)
        self._seed = itertools.count(0)
        self._graph: OnnxGraph | None = None

    @property
    def spec(self) -> PolicySpec:
        """What it needs and gives."""
        return self._spec

    def load(self) -> None:
        """Import onnxruntime, read the graph, run once.

        Raises:
            ConfigError: onnxruntime is missing, or the graph is not as the sheet says.
        """
        from noetra_ros.policy.onnx.graph import OnnxGraph

        path = self._folder / self._sheet.file
        if not path.is_file():
            raise single_fault(str(self._folder), "file", f"no {self._sheet.file}", "the .onnx file")
        self._graph = OnnxGraph(path, self._sheet, self._device)
        blank = {
            name: np.zeros((need.height_px, need.width_px, 3), np.uint8)
            for name, need in self._pictures.items()
        }
        first = next(iter(self._sheet.sentences), "")
        self._run(blank, np.zeros(len(self._spec.joints)), first)
        self.reset()

    def infer(self, observation: Observation) -> ActionChunk:
        """The chunk that answers an observation.

        Raises:
            PolicyError: not loaded, a sentence without tokens, or the observation lacks what the spec asks.
        """
        started_s = time.perf_counter()
        pictures = {name: picture(observation, need) for name, need in self._pictures.items()}
        joints_rad = joints_in_order(observation, self._spec.joints)
        values = self._run(pictures, joints_rad, observation.instruction)
        if not np.isfinite(values).all():
            raise PolicyError(f"policy {self._spec.model} answered NaN or infinity")
        return self._chunks.write(observation, values, time.perf_counter() - started_s)

    def reset(self) -> None:
        """Noise begins anew."""
        self._seed = itertools.count(0)

    def _run(self, pictures: dict[str, np.ndarray], joints_rad: FloatArray, sentence: str) -> FloatArray:
        """(rows, columns) in the chunk's unit."""
        if self._graph is None:
            raise PolicyError(f"policy {self._spec.model} is not loaded: call load() first")
        values = {
            name: self._value(name, tensor, pictures, joints_rad, sentence)
            for name, tensor in self._sheet.inputs.items()
            if tensor.source != "noise"
        }
        try:
            return self._from_model(self._graph.run(values, next(self._seed)))
        except ConfigError:
            raise
        except Exception as error:  # onnxruntime's own kinds of error have no public base
            raise PolicyError(f"policy {self._spec.model}: {error}") from error

    def _value(
        self,
        name: str,
        tensor: TensorSheet,
        pictures: dict[str, np.ndarray],
        joints_rad: FloatArray,
        sentence: str,
    ) -> np.ndarray:
        """One input without its batch axis."""
        if tensor.source == "camera":
            bright = tensor.normalised(pictures[name] * (tensor.full / BRIGHTEST))
            return bright.transpose(2, 0, 1) if tensor.layout == "nchw" else bright
        if tensor.source == "joints":
            return tensor.normalised(self._to_model(joints_rad))
        if sentence not in self._sheet.sentences:
            known = "; ".join(self._sheet.sentences)
            raise PolicyError(f"policy {self._spec.model} has no tokens for {sentence!r}; it knows: {known}")
        return np.array(self._sheet.sentences[sentence])


def _camera(tensor: TensorSheet) -> CameraNeed:
    return CameraNeed(
        tensor.camera,
        tensor.width_px,
        tensor.height_px,
        source_px=tensor.source_px,
        resize=tensor.resize,
    )


def _spec(sheet: OnnxSheet, folder: str, cameras: tuple[CameraNeed, ...]) -> PolicySpec:
    step_s = 1.0 / sheet.rate_hz
    return PolicySpec(
        model=sheet.model or folder,
        kind=sheet.kind,
        joints=sheet.joints,
        actions=sheet.columns,
        unit="m/s" if sheet.kind is CommandKind.BASE_TWIST else "rad",
        rows=sheet.rows,
        step_s=step_s,
        start_offset_s=sheet.start_offset_s,
        replan_s=sheet.replan_s or max(step_s, sheet.rows * step_s / 2),
        cameras=cameras,
        needs_instruction=sheet.needs_instruction,
        action_meaning=sheet.action_meaning,
        trained_rate_hz=sheet.rate_hz,
    )
