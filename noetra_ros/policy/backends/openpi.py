"""A policy on a server of openpi (websocket and msgpack), as it is: nothing to install or change there."""

from __future__ import annotations

import time
import weakref
from dataclasses import replace
from typing import Any

import numpy as np

from noetra_ros.core.errors import ConfigError, Fault, single_fault
from noetra_ros.core.types import ActionChunk, FloatArray, Observation
from noetra_ros.policy.backend import BACKENDS, BackendOptions
from noetra_ros.policy.chunk_writer import ChunkWriter
from noetra_ros.policy.errors import PolicyError
from noetra_ros.policy.model_sheet import SHEET_FILE, read_sheet
from noetra_ros.policy.observation import joints_in_order, picture
from noetra_ros.policy.openpi.encoding import decode, encode
from noetra_ros.policy.openpi.sheet import OpenpiSheet
from noetra_ros.policy.serving.link import Link, LinkCounts, require_websockets
from noetra_ros.policy.serving.link_settings import located
from noetra_ros.policy.serving.wire import WireError
from noetra_ros.policy.spec import PolicySpec

LONGEST_WORDS = 300


@BACKENDS.register("openpi")
class OpenpiBackend:
    """The checkpoint is a folder with noetra.yaml (`OpenpiSheet`): address, keys, joints, unit and rate.

    The protocol has no numbers: a request without an answer in time ends the connection, so that a late
    answer cannot be taken for the next one.

    Attributes:
        metadata: what the server said of itself when it was connected to.
        round_trip_s: s that the last answer took, all in all.
        server_s: s of it in the server's policy, as the server says; 0 where it does not.
    """

    def __init__(self, options: BackendOptions) -> None:
        folder = options.checkpoint
        if folder is None:
            remedy = f"set checkpoint to a folder with {SHEET_FILE}; docs/your_model.md shows one"
            raise single_fault("policy openpi", "checkpoint", "nothing", "a folder", remedy)
        self._sheet = read_sheet(OpenpiSheet, folder, tuple(options.robot.joints))
        settings = located(self._sheet.link, folder / SHEET_FILE)
        self._url = settings.url
        self._spec = self._sheet.spec(folder.name)
        self._needs = {key: sheet.need() for key, sheet in self._sheet.pictures.items()}
        self._to_model, self._from_model = self._sheet.joint_scale.inverse(), self._sheet.action_scale
        self._channel = options.channel_name
        self._chunks = ChunkWriter(self._spec, self._channel)
        self.metadata: dict[Any, Any] = {}
        self.round_trip_s, self.server_s = 0.0, 0.0
        greeting = self.metadata
        authorization = f"Api-Key {settings.token}" if settings.token else ""
        self._link = Link(
            replace(settings, token=""),
            lambda message: _greet(greeting, message),
            authorization=authorization,
            allowed_silences=0,
        )
        weakref.finalize(self, self._link.close)

    @property
    def spec(self) -> PolicySpec:
        """What it needs and gives."""
        return self._spec

    @property
    def counts(self) -> LinkCounts:
        """What the link has gone through."""
        return self._link.counts

    def load(self) -> None:
        """Connect.

        Raises:
            ConfigError: the server cannot be reached, refuses the key, or speaks another protocol.
        """
        require_websockets()
        try:
            self._link.connect()
        except PolicyError as error:
            fault = Fault("link.url", str(error), "a policy server of openpi", "is it running there?")
            raise ConfigError(f"policy openpi ({self._url})", [fault]) from error

    def infer(self, observation: Observation) -> ActionChunk:
        """The chunk that answers an observation.

        Raises:
            LinkError: no answer within `reply_within_s`.
            PolicyError: the server reports an error, or answers something else than the sheet says.
        """
        began_s = time.perf_counter()
        pictures = {key: picture(observation, need) for key, need in self._needs.items()}
        joints = self._to_model(joints_in_order(observation, self._spec.joints))
        request = encode(self._sheet.request(pictures, joints, observation.instruction))
        answer = self._link.exchange(lambda _: request, _answer)
        values = self._values(answer)
        self.round_trip_s, self.server_s = time.perf_counter() - began_s, _policy_s(answer)
        return self._chunks.write(observation, values, self.round_trip_s)

    def reset(self) -> None:
        """The protocol has no such word: its policies remember nothing."""

    def close(self) -> None:
        """Drop the connection."""
        self._link.close()

    def _values(self, answer: dict[Any, Any]) -> FloatArray:
        """(rows, columns) in the chunk's unit.

        Raises:
            PolicyError: no such array, or one of another shape, or not finite.
        """
        found, expected = answer.get(self._sheet.answer), (self._spec.rows, len(self._spec.actions))
        if not isinstance(found, np.ndarray):
            keys = ", ".join(map(str, answer))[:LONGEST_WORDS]
            raise PolicyError(f"{self._url} answered {keys or 'nothing'}, expected {self._sheet.answer!r}")
        if found.shape != expected or found.dtype.kind != "f":
            remedy = f"correct rows or actions in {SHEET_FILE}"
            got = f"actions {found.shape} {found.dtype}"
            raise PolicyError(f"{self._url} answered {got}, expected {expected} floats -> {remedy}")
        values = self._from_model(found.astype(np.float64))
        if not np.isfinite(values).all():
            raise PolicyError(f"{self._url} answered NaN or infinity")
        return values


def _greet(metadata: dict[Any, Any], message: bytes | str) -> None:
    """Keep the server's first message, which has to be a map."""
    found = decode(message) if isinstance(message, bytes) else None
    if not isinstance(found, dict):
        raise WireError("the first message is no openpi metadata")
    metadata.clear()
    metadata.update(found)


def _answer(message: bytes | str) -> dict[Any, Any]:
    """The answer; a text is the server's traceback, of which the last line says what happened."""
    if isinstance(message, str):
        last = message.strip().rpartition("\n")[2]
        raise PolicyError(f"the openpi server failed: {last[:LONGEST_WORDS]}")
    found = decode(message)
    if not isinstance(found, dict):
        raise WireError(f"the openpi server answered a {type(found).__name__}, expected a map")
    return found


def _policy_s(answer: dict[Any, Any]) -> float:
    timing = answer.get("server_timing")
    infer_ms = timing.get("infer_ms") if isinstance(timing, dict) else None
    return float(infer_ms) / 1e3 if isinstance(infer_ms, (int, float)) else 0.0
