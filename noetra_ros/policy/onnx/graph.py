"""Runs an ONNX graph with onnxruntime; what its sheet says of the tensors is held against the graph first."""

from __future__ import annotations

import importlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from noetra_ros.core.errors import ConfigError, Fault, single_fault
from noetra_ros.core.types import FloatArray
from noetra_ros.policy.onnx.sheet import OnnxSheet, TensorSheet

PROVIDERS = {"cpu": "CPUExecutionProvider", "cuda": "CUDAExecutionProvider"}
PACKAGES = {"cpu": "onnxruntime", "cuda": "onnxruntime-gpu"}
NUMBERS = {
    "tensor(float)": np.float32,
    "tensor(double)": np.float64,
    "tensor(float16)": np.float16,
    "tensor(int64)": np.int64,
    "tensor(int32)": np.int32,
    "tensor(uint8)": np.uint8,
}


class OnnxGraph:
    """A graph ready to run.

    Args:
        path: the .onnx file.
        sheet: what its tensors mean.
        device: ``cpu`` or ``cuda``; what is asked for and missing is an error.

    Raises:
        ConfigError: onnxruntime or the device is missing, no readable graph, or every tensor that is not as
            the sheet says.
    """

    def __init__(self, path: Path, sheet: OnnxSheet, device: str) -> None:
        runtime = _runtime(device)
        options = runtime.SessionOptions()
        options.intra_op_num_threads = max(1, (os.cpu_count() or 1) // 2)
        try:
            self._session = runtime.InferenceSession(str(path), options, providers=[PROVIDERS[device]])
        except Exception as error:  # onnxruntime's own kinds of error have no public base
            raise single_fault(str(path), "file", error, "a graph that onnxruntime loads") from error
        self._sheet = sheet
        inputs = {tensor.name: tensor for tensor in self._session.get_inputs()}
        outputs = [tensor.name for tensor in self._session.get_outputs()]
        faults = _faults(sheet, inputs, outputs)
        if faults:
            raise ConfigError(str(path), faults)
        self._types = {name: NUMBERS[tensor.type] for name, tensor in inputs.items()}
        self._noise_shapes = {
            name: tuple(inputs[name].shape)
            for name, tensor in sheet.inputs.items()
            if tensor.source == "noise"
        }

    def run(self, values: Mapping[str, np.ndarray], seed: int) -> FloatArray:
        """An answer.

        Args:
            values: inputs by name, without the batch axis; noise left out.
            seed: of the noise.

        Returns:
            (rows, columns) in the model's unit.
        """
        feed = {name: value[np.newaxis].astype(self._types[name]) for name, value in values.items()}
        noise = np.random.default_rng(seed)
        for name, shape in self._noise_shapes.items():
            feed[name] = noise.standard_normal(shape).astype(self._types[name])
        (answer,) = self._session.run([self._sheet.output], feed)
        answer = np.asarray(answer, dtype=np.float64)
        columns = len(self._sheet.columns)
        if answer.shape not in ((1, self._sheet.rows, columns), (self._sheet.rows, columns)):
            expected = f"(1, {self._sheet.rows}, {columns})"
            raise single_fault(self._sheet.file, self._sheet.output, answer.shape, expected)
        deviation, mean = self._sheet.action_deviation or (1.0,), self._sheet.action_mean or (0.0,)
        return answer.reshape(self._sheet.rows, columns) * np.array(deviation) + np.array(mean)


def _runtime(device: str) -> Any:
    """The onnxruntime module."""
    remedy = f"pip install {PACKAGES[device]}"
    try:
        runtime = importlib.import_module("onnxruntime")
    except ImportError as error:
        raise single_fault("policy onnx", "onnxruntime", "not installed", "the package", remedy) from error
    if PROVIDERS[device] not in runtime.get_available_providers():
        got = f"{device}, which this onnxruntime does not know"
        raise single_fault("policy onnx", "device", got, ", ".join(runtime.get_available_providers()), remedy)
    return runtime


def _faults(sheet: OnnxSheet, inputs: Mapping[str, Any], outputs: list[str]) -> list[Fault]:
    """Where graph and sheet differ."""
    faults = [
        Fault(f"inputs.{name}", "nothing in the sheet", f"its source, for {tensor.type} {tensor.shape}")
        for name, tensor in inputs.items()
        if name not in sheet.inputs
    ]
    known = ", ".join(inputs) or "none"
    for name, tensor in sheet.inputs.items():
        if name not in inputs:
            faults.append(Fault(f"inputs.{name}", "no input of the graph", f"one of {known}"))
            continue
        if inputs[name].type not in NUMBERS:
            faults.append(Fault(f"inputs.{name}", inputs[name].type, f"one of {', '.join(NUMBERS)}"))
        expected = _shape(tensor, sheet)
        if expected is not None and not _fits(inputs[name].shape, expected):
            faults.append(Fault(f"inputs.{name}", f"shape {inputs[name].shape}", f"{list(expected)}"))
        if tensor.source == "noise" and not all(isinstance(n, int) for n in inputs[name].shape):
            faults.append(Fault(f"inputs.{name}", f"shape {inputs[name].shape}", "a fixed shape for noise"))
    if sheet.output not in outputs:
        faults.append(Fault("output", sheet.output, f"one of {', '.join(outputs)}"))
    return faults


def _shape(tensor: TensorSheet, sheet: OnnxSheet) -> tuple[int, ...] | None:
    """Shape with the batch axis; None = any."""
    size = (tensor.height_px, tensor.width_px)
    shapes: dict[str, tuple[int, ...]] = {
        "camera": (1, 3, *size) if tensor.layout == "nchw" else (1, *size, 3),
        "joints": (1, len(sheet.joints)),
        "sentence": (1, len(next(iter(sheet.sentences.values()), ()))),
    }
    return shapes.get(tensor.source)


def _fits(shape: list[Any], expected: tuple[int, ...]) -> bool:
    """Names and None stand for any size."""
    return len(shape) == len(expected) and all(
        got == want or not isinstance(got, int) for got, want in zip(shape, expected, strict=True)
    )
