"""The noetra family eager, compiled and as a CUDA graph: p50, p99, equal answers, against the roofline."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from noetra_ros.evaluation.bench_records import BenchRecord, record_of
from noetra_ros.evaluation.roofline import CARDS, Card, Work, bound_s

if TYPE_CHECKING:
    from noetra_ros.policy.models.noetra.runners import Inference

CALLS = 500
WARM_UP_CALLS = 20
ROWS, JOINTS, CAMERAS, WORDS = 50, 6, 2, 48
FRAME_PX = (480, 640)
VOCABULARY = {"edge": 49_280, "base": 257_152}
SEED = 0
LEAST_COSINE = 0.999
# Without a GPU: the form of edge, as deep and wide as a CPU runs in some ten milliseconds.
SHRUNK = {"depth": 2, "width": 240, "mlp": 640, "expert_width": 180, "expert_mlp": 512, "flow_steps": 4}
SHRUNK_PICTURE = {"side_px": 64, "width": 96, "depth": 2, "heads": 4, "mlp": 192}
SHRUNK_CALLS = 40


def run(say: Callable[[str], None]) -> list[BenchRecord]:
    """Random weights and pictures: times do not depend on them. Without a GPU `edge` is shrunk."""
    import torch

    torch.set_num_threads(1)
    if not torch.cuda.is_available():
        say("no GPU: edge, shrunk, on the CPU")
        return _measure("edge_shrunk", "edge", "cpu", ("eager", "compiled"), say)
    records = []
    for size in ("edge", "base"):
        ways = ("eager", "compiled", "graphed", "compiled_graphed")
        records += _measure(size, size, "cuda", ways, say)
        torch.cuda.empty_cache()
    return records


def _measure(
    name: str, size: str, device: str, ways: tuple[str, ...], say: Callable[[str], None]
) -> list[BenchRecord]:
    """Every way in one run on the same weights and observation."""
    import torch

    from noetra_ros.policy.models.noetra.random_weights import random_network
    from noetra_ros.policy.models.noetra.runners import Inference, prepared
    from noetra_ros.policy.models.noetra.shape import Ports, load_shape

    is_shrunk = device == "cpu"
    shape = load_shape(size)
    if is_shrunk:
        shape = replace(shape, picture=replace(shape.picture, **SHRUNK_PICTURE), **SHRUNK)
    ports = Ports(ROWS, JOINTS, VOCABULARY[size] if not is_shrunk else 512, CAMERAS)
    dtype = torch.float32 if is_shrunk else torch.bfloat16
    say(f"{name}: making seeded random weights")
    inference = Inference(random_network(shape, ports, SEED, device, dtype), FRAME_PX, WORDS)
    upload = _observation(inference, ports.vocabulary)
    bound = _bound_ms(inference, device)
    records: list[BenchRecord] = []
    first_ms, first = 0.0, None
    for way in ways:
        say(f"{name}: {way}")
        inference.use(way, prepared(way, inference))
        sample_ms, answer = _timed(inference, upload, SHRUNK_CALLS if is_shrunk else CALLS)
        first = answer if first is None else first
        _require_equal(name, way, first, answer)
        against, reference_ms = ("eager", first_ms) if first_ms else bound
        records.append(record_of(f"{name}_{way}", sample_ms, "ms", against, reference_ms))
        first_ms = first_ms or records[-1].p50
    return records


def _observation(inference: Inference, vocabulary: int) -> Callable[[], None]:
    """Puts one and the same random observation into the buffers, as every inference has to."""
    rng = np.random.default_rng(SEED)
    frames = rng.integers(0, 256, (CAMERAS, *FRAME_PX, 3), dtype=np.uint8)
    words = rng.integers(2, vocabulary, WORDS)
    joints = rng.normal(size=JOINTS)
    return lambda: inference.upload(frames, joints, words)


def _timed(inference: Inference, upload: Callable[[], None], calls: int) -> tuple[list[float], np.ndarray]:
    """ms of each call, picture in host memory to actions in host memory, and the last answer."""
    sample_ms = []
    for _ in range(min(WARM_UP_CALLS, calls // 4) + calls):
        begin_s = time.perf_counter()
        upload()
        actions, _ = inference.run()
        sample_ms.append((time.perf_counter() - begin_s) * 1e3)
    return sample_ms[-calls:], actions


def _require_equal(name: str, way: str, first: np.ndarray, answer: np.ndarray) -> None:
    """The same answer but for rounding."""
    cosine = float(np.sum(first * answer) / (np.linalg.norm(first) * np.linalg.norm(answer)))
    if cosine < LEAST_COSINE:
        raise ValueError(f"{name} {way}: cosine with eager {cosine:.5f}, expected >= {LEAST_COSINE}")


def _bound_ms(inference: Inference, device: str) -> tuple[str, float]:
    """The least time that the card could take, in words and ms; NaN for one without known figures."""
    import torch

    from noetra_ros.policy.models.noetra.work import work_of

    name = torch.cuda.get_device_name() if device == "cuda" else "a CPU"
    card: Card | None = next((card for key, card in CARDS.items() if key in name), None)
    parts = [Work(**vars(part)) for part in work_of(inference.network, WORDS)]
    bound_ms = bound_s(parts, card) * 1e3 if card is not None else math.nan
    return f"roofline of {name}, {bound_ms:.2f} ms" if card is not None else "", bound_ms
