"""Runs a LeRobot policy in LeRobot's own environment; its answers go to the parent over a local socket.

Started as a file by the interpreter of that environment, which need not hold noetra_ros: this file uses the
standard library, numpy, torch and lerobot alone. Nothing is downloaded and nothing is unpickled.

A message is four bytes of length, a JSON object, and the raw bytes of the arrays that its `arrays` names.
"""

from __future__ import annotations

import json
import os
import socket
import struct
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

LENGTH = struct.Struct(">I")
HEADER_LIMIT_BYTES = 1 << 20
ARRAYS_LIMIT_BYTES = 1 << 28
OFFLINE = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "WANDB_MODE": "disabled",
    "TOKENIZERS_PARALLELISM": "false",
}
PREFIX = "prefix"
ARRAY_TYPES = ("uint8", "float32", "float64")

Arrays = Mapping[str, np.ndarray]
Answer = tuple[dict[str, Any], dict[str, np.ndarray]]


def send(link: socket.socket, fields: Mapping[str, Any], arrays: Arrays | None = None) -> None:
    """Write one message."""
    parts = {name: np.asarray(array, order="C") for name, array in (arrays or {}).items()}
    named = [[name, array.dtype.name, list(array.shape)] for name, array in parts.items()]
    header = json.dumps({**fields, "arrays": named}).encode()
    link.sendall(LENGTH.pack(len(header)) + header)
    for array in parts.values():
        link.sendall(array.reshape(-1).view(np.uint8).data)


def receive(link: socket.socket) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """Read one message.

    Raises:
        EOFError: the other side has gone.
        ValueError: it is no message, or too large.
    """
    (length,) = LENGTH.unpack(_read(link, LENGTH.size))
    if length > HEADER_LIMIT_BYTES:
        raise ValueError(f"header of {length} bytes, allowed {HEADER_LIMIT_BYTES}")
    fields = json.loads(_read(link, length))
    arrays = {}
    for name, kind, shape in fields.pop("arrays"):
        if kind not in ARRAY_TYPES:
            raise ValueError(f"array {name} of type {kind}, known: {', '.join(ARRAY_TYPES)}")
        size = int(np.prod(shape, dtype=np.int64)) * np.dtype(kind).itemsize
        if not 0 <= size <= ARRAYS_LIMIT_BYTES:
            raise ValueError(f"array {name} of {size} bytes, allowed {ARRAYS_LIMIT_BYTES}")
        arrays[name] = np.frombuffer(_read(link, size), dtype=kind).reshape(shape)
    return fields, arrays


def _read(link: socket.socket, size: int) -> bytearray:
    data = bytearray(size)
    view = memoryview(data)
    while view:
        count = link.recv_into(view)
        if count == 0:
            raise EOFError("the other side has gone")
        view = view[count:]
    return data


class HostedPolicy:
    """A LeRobot policy with the processors that were saved beside it.

    Args:
        folder: checkpoint.
        device: ``cpu`` or ``cuda``.
        threads: of torch on the CPU.
    """

    def __init__(self, folder: str, device: str, threads: int) -> None:
        import lerobot  # noqa: F401 -- first: where it is missing, nothing heavy is loaded
        import torch
        from lerobot.configs.policies import PreTrainedConfig
        from lerobot.policies.factory import get_policy_class, make_pre_post_processors

        torch.set_num_threads(threads)
        if device != "cpu" and not getattr(torch, device).is_available():
            raise RuntimeError(
                f"device {device}: torch {torch.__version__} of this environment does not see it"
            )
        config = PreTrainedConfig.from_pretrained(folder)
        config.device = device
        for key, value in (("pretrained_backbone_weights", None), ("load_vlm_weights", False)):
            if hasattr(config, key):  # first weights, which the checkpoint's own replace, would be downloaded
                setattr(config, key, value)
        policy_class = get_policy_class(config.type)
        self.policy = policy_class.from_pretrained(folder, config=config, strict=True)
        on_device = {"device_processor": {"device": device}}
        self.before, self.after = make_pre_post_processors(
            config,
            pretrained_path=folder,
            preprocessor_overrides=on_device,
            postprocessor_overrides={"device_processor": {"device": "cpu"}},
        )
        self.config, self.device = config, device

    def reset(self) -> None:
        """Forget the past."""
        self.policy.reset()
        self.before.reset()
        self.after.reset()

    def infer(
        self, seed: int, task: str, arrays: Arrays, prefix: np.ndarray | None = None, frozen: int = 0
    ) -> tuple[np.ndarray, dict[str, float]]:
        """An answer.

        Args:
            seed: of the noise that flow and diffusion policies begin with.
            task: sentence.
            arrays: (history, H, W, 3) uint8 pictures and (history, n) float32 states by key, oldest first.
            prefix: (k, d) actions in the model's unit that the answer carries on from; None = nothing.
            frozen: first rows of it that are certain to be executed.

        Returns:
            (rows, d) float32 in the model's unit, and the s that each stage took.
        """
        import torch

        times_s = [time.perf_counter()]
        torch.manual_seed(seed)
        use_half = self.device == "cuda" and bool(getattr(self.config, "use_amp", False))
        with torch.no_grad(), torch.autocast(self.device, enabled=use_half):
            steps = [self._step(index, task, arrays) for index in range(_history(arrays))]
            if prefix is not None:  # the preprocessor brings it into the model's own space, as in training
                steps[-1]["action"] = torch.from_numpy(prefix).to(self.device)
            steps = [self.before(step) for step in steps]
            decided = [step.pop("action", None) for step in steps][-1]
            carried_on = self._carried_on(decided, frozen) if prefix is not None else {}
            times_s.append(time.perf_counter())
            if len(steps) > 1:
                self._remember(steps)
            chunk = self.policy.predict_action_chunk(steps[-1], **carried_on)[0]
            times_s.append(time.perf_counter())
            values = self.after(chunk).float().cpu().numpy()
        times_s.append(time.perf_counter())
        stages = zip(("before_s", "model_s", "after_s"), times_s[:-1], times_s[1:], strict=True)
        return values, {name: end_s - begin_s for name, begin_s, end_s in stages}

    def _step(self, index: int, task: str, arrays: Arrays) -> dict[str, Any]:
        """One instant as LeRobot's own control loop hands it to its preprocessor."""
        import torch

        step: dict[str, Any] = {"task": task, "robot_type": ""}
        for key, stack in arrays.items():
            tensor = torch.from_numpy(stack[index]).to(self.device)
            if stack.dtype == np.uint8:
                tensor = (tensor.float() / 255).permute(2, 0, 1).contiguous()
            step[key] = tensor.unsqueeze(0)
        return step

    def _carried_on(self, decided: Any, frozen: int) -> dict[str, Any]:
        """Arguments of LeRobot's real-time chunking; it is switched on when it is first asked for."""
        if self.policy.rtc_processor is None:
            from lerobot.policies.rtc.configuration_rtc import RTCConfig

            self.policy.config.rtc_config = RTCConfig(enabled=True)
            self.policy.init_rtc_processor()
        rows = decided.reshape(1, -1, decided.shape[-1])
        horizon = rows.shape[1]
        return {"inference_delay": frozen, "prev_chunk_left_over": rows, "execution_horizon": horizon}

    def _remember(self, steps: list[dict[str, Any]]) -> None:
        """Policies with a history keep the last instants themselves: give them these and no others."""
        import torch
        from lerobot.policies.utils import populate_queues

        self.policy.reset()
        for step in steps:
            seen = dict(step)
            if self.config.image_features:
                seen["observation.images"] = torch.stack(
                    [seen[k] for k in self.config.image_features], dim=-4
                )
            self.policy._queues = populate_queues(self.policy._queues, seen, exclude_keys=["action"])
        steps[-1].update({k: v for k, v in seen.items() if k == "observation.images"})


def _history(arrays: Arrays) -> int:
    return min((len(stack) for stack in arrays.values()), default=1)


def serve(link: socket.socket) -> None:
    """Answer until the parent goes."""
    hosted: list[HostedPolicy] = []
    while True:
        try:
            fields, arrays = receive(link)
        except EOFError:
            return
        answer: Answer
        try:
            answer = _answer(hosted, fields, arrays)
        except Exception as error:  # told to the parent, which judges it
            answer = {"error": f"{type(error).__name__}: {error}"}, {}
        send(link, *answer)


def _answer(hosted: list[HostedPolicy], fields: dict[str, Any], arrays: Arrays) -> Answer:
    operations: dict[str, Callable[[], Answer]] = {
        "load": lambda: _load(hosted, fields),
        "reset": lambda: _reset(hosted[0]),
        "infer": lambda: _infer(hosted[0], fields, arrays),
    }
    return operations[fields["operation"]]()


def _load(hosted: list[HostedPolicy], fields: dict[str, Any]) -> Answer:
    import lerobot
    import torch

    hosted[:] = [HostedPolicy(fields["folder"], fields["device"], fields["threads"])]
    return {"lerobot": lerobot.__version__, "torch": torch.__version__}, {}


def _reset(policy: HostedPolicy) -> Answer:
    policy.reset()
    return {}, {}


def _infer(policy: HostedPolicy, fields: dict[str, Any], arrays: Arrays) -> Answer:
    seen = {name: array for name, array in arrays.items() if name != PREFIX}
    prefix, frozen = arrays.get(PREFIX), fields["frozen"]
    values, times_s = policy.infer(fields["seed"], fields["task"], seen, prefix, frozen)
    return dict(times_s), {"values": values}


if __name__ == "__main__":
    os.environ.update(OFFLINE)
    serve(socket.socket(fileno=int(sys.argv[1])))
