"""Ways to run the same inference: eager, compiled, as a CUDA graph; which one is chosen by measurement.

All inputs lie in buffers of fixed shape and place, so that a graph can be recorded once and replayed. Bytes
are uploaded from pinned memory; scaling to floats, resizing and normalising happen on the device.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from noetra_ros.core.errors import single_fault
from noetra_ros.policy.models.noetra.flow import guided_sample, soft_weights
from noetra_ros.policy.models.noetra.network import NoetraNetwork, Parts
from noetra_ros.policy.models.noetra.vision import to_pictures

Core = Callable[[], tuple[Tensor, Tensor]]
WARM_UP_CALLS = 3
MEASURED_CALLS = 10


@dataclass(frozen=True)
class Buffers:
    """Inputs of one inference, where the network runs, batch of one.

    Attributes:
        frames: (1, cameras, H, W, 3) uint8.
        joints: (1, n) float32, rad.
        tokens: (1, length) int64.
        noise: (1, rows, n).
        prefix: (1, rows, n) float32, rad.
        fixed: (1, rows) bool.
    """

    frames: Tensor
    joints: Tensor
    tokens: Tensor
    noise: Tensor
    prefix: Tensor
    fixed: Tensor


class Inference:
    """One network on one device, ready to answer; all calls from one thread.

    Args:
        network: on its device, in its precision.
        frame_size: (height, width) px of the camera frames.
        length: words of a sentence.
        seed: of the noise, which is drawn once: the same observation gives the same chunk, and chunks that
            follow one another choose alike where there is a choice.
    """

    def __init__(
        self, network: NoetraNetwork, frame_size: tuple[int, int], length: int, seed: int = 0
    ) -> None:
        self.network = network
        self.device = network.joint_mean.device
        ports = network.ports
        shape = (1, ports.rows, ports.joints)
        noise = torch.randn(shape, generator=torch.Generator().manual_seed(seed))
        host = Buffers(
            torch.zeros((1, ports.cameras, *frame_size, 3), dtype=torch.uint8),
            torch.zeros((1, ports.joints)),
            torch.zeros((1, length), dtype=torch.long),
            noise.to(network.dtype),
            torch.zeros(shape),
            torch.zeros(shape[:2], dtype=torch.bool),
        )
        is_cuda = self.device.type == "cuda"
        self._host = Buffers(**{k: v.pin_memory() if is_cuda else v for k, v in vars(host).items()})
        # on the CPU the two are one: nothing is copied
        self.inputs = Buffers(**{k: v.to(self.device) for k, v in vars(self._host).items()})
        self._core: Core = self.compute
        self.runner = "eager"

    def compute(self, parts: Parts | None = None) -> tuple[Tensor, Tensor]:
        """(1, rows, n) float32 rad and (1, width) summary, from what lies in `inputs`; by the network's own
        parts or by others that do the same.
        """
        net, inputs = self.network, self.inputs
        joints = inputs.joints.unsqueeze(1)
        prefix = ((inputs.prefix - joints) / net.way_deviation).to(net.dtype)
        ways, summary = net(self._seen(), inputs.noise, prefix, inputs.fixed, parts)
        return joints + ways.float() * net.way_deviation, summary.float()

    def choose(self, candidates: Sequence[str]) -> dict[str, float]:
        """Take the fastest of the candidates.

        Returns:
            s of each one's median call; the warm-up is left out.
        """
        taken: dict[str, float] = {}
        cores = {}
        for name in candidates:
            cores[name] = prepared(name, self)
            taken[name] = self._median_s(cores[name])
        fastest = min(taken, key=taken.__getitem__)
        self.use(fastest, cores[fastest])
        return taken

    def use(self, name: str, core: Core) -> None:
        """Run in this way from now on; `core` comes from `prepared`."""
        self.runner, self._core = name, core

    def upload(
        self,
        frames: NDArray[np.uint8],
        joints: NDArray[np.float64],
        tokens: NDArray[np.int64],
        prefix: NDArray[np.float64] | None = None,
        frozen: int = 0,
    ) -> None:
        """Put an observation into the buffers.

        Args:
            frames: (cameras, H, W, 3).
            joints: (n,) rad.
            tokens: (length,) numbers of words.
            prefix: (k, n) rad; None = none.
            frozen: rows of it that the chunk begins with.
        """
        host = self._host
        host.frames[0].copy_(torch.from_numpy(frames))
        host.joints[0].copy_(torch.from_numpy(joints))
        host.tokens[0].copy_(torch.from_numpy(tokens))
        host.fixed.zero_()
        if prefix is not None:
            known = min(len(prefix), host.prefix.shape[1])
            host.prefix[0, :known].copy_(torch.from_numpy(prefix[:known]))
            host.fixed[0, :frozen] = True
        if self.device.type == "cuda":
            for name, tensor in vars(host).items():
                getattr(self.inputs, name).copy_(tensor, non_blocking=True)

    def run(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """(rows, n) rad and (width,) summary of the observation in the buffers."""
        with torch.inference_mode():
            actions, summary = self._core()
            return actions[0].cpu().numpy(), summary[0].cpu().numpy()

    def run_guided(self, known: int, frozen: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """As `run`, pulled towards the prefix in the buffers.

        Args:
            known: rows of the prefix.
            frozen: of these, rows that are certain to be executed.
        """
        net, inputs = self.network, self.inputs
        joints = inputs.joints.unsqueeze(1)
        weights = torch.tensor([soft_weights(net.ports.rows, known, frozen)], device=self.device)
        wanted = ((inputs.prefix - joints) / net.way_deviation).to(net.dtype)
        with torch.no_grad():
            context = net.look(self._seen())
        ways = guided_sample(
            lambda x, t: net.velocity(context, x, t),
            inputs.noise,
            net.shape.flow_steps,
            wanted,
            weights.to(net.dtype),
        )
        actions = joints + ways.float() * net.way_deviation
        return actions[0].cpu().numpy(), context.summary[0].float().cpu().numpy()

    def _seen(self) -> dict[str, Tensor]:
        """The observation in the buffers as the network reads it."""
        net, inputs = self.network, self.inputs
        scaled = ((inputs.joints - net.joint_mean) / net.joint_deviation).to(net.dtype)
        pictures = to_pictures(inputs.frames, net.shape.picture.side_px, net.dtype)
        return {"tokens": inputs.tokens, "pictures": pictures, "joints": scaled}

    def _median_s(self, core: Core) -> float:
        taken = []
        with torch.inference_mode():
            for number in range(WARM_UP_CALLS + MEASURED_CALLS):
                synchronise(self.device)
                begin_s = time.perf_counter()
                core()
                synchronise(self.device)
                if number >= WARM_UP_CALLS:
                    taken.append(time.perf_counter() - begin_s)
        return sorted(taken)[len(taken) // 2]


def eager(inference: Inference) -> Core:
    """As it is written."""
    return inference.compute


def compiled(inference: Inference) -> Core:
    """By torch.compile, with the shapes fixed; part by part, so that the flow's step is compiled once."""
    own = inference.network.parts()
    parts = Parts(
        **{
            name: torch.compile(part, dynamic=False, mode="max-autotune-no-cudagraphs")
            for name, part in vars(own).items()
        }
    )
    return lambda: inference.compute(parts)


def graphed(inference: Inference) -> Core:
    """Recorded once as a CUDA graph: one launch instead of thousands."""
    return _recorded(inference.compute)


def compiled_graphed(inference: Inference) -> Core:
    """Compiled, and recorded."""
    return _recorded(compiled(inference))


RUNNERS: dict[str, Callable[[Inference], Core]] = {
    "eager": eager,
    "compiled": compiled,
    "graphed": graphed,
    "compiled_graphed": compiled_graphed,
}


def prepared(name: str, inference: Inference) -> Core:
    """What answers for the inference in the way called `name`.

    Raises:
        ConfigError: no such way, or one that this machine does not offer.
    """
    if name not in RUNNERS:
        raise single_fault("noetra", "runner", repr(name), f"one of {', '.join(RUNNERS)}")
    return RUNNERS[name](inference)


def _recorded(core: Core) -> Core:
    if not torch.cuda.is_available():
        remedy = "use eager or compiled on the CPU"
        raise single_fault("noetra", "runner", "graphed without a GPU", "a GPU that torch can use", remedy)
    aside = torch.cuda.Stream()
    aside.wait_stream(torch.cuda.current_stream())
    with torch.inference_mode(), torch.cuda.stream(aside):
        for _ in range(WARM_UP_CALLS):
            core()
    torch.cuda.current_stream().wait_stream(aside)
    graph = torch.cuda.CUDAGraph()
    with torch.inference_mode(), torch.cuda.graph(graph):
        outputs = core()

    def replay() -> tuple[Tensor, Tensor]:
        graph.replay()
        return outputs

    return replay


def synchronise(device: torch.device) -> None:
    """Wait until the device has done its work."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)
