"""A policy that `noetra serve` offers on another machine."""

from __future__ import annotations

import dataclasses
import itertools
import time
import weakref
from collections.abc import Callable

from noetra_ros.core.errors import ConfigError, Fault, single_fault
from noetra_ros.core.types import ActionChunk, ActionPrefix, Observation
from noetra_ros.policy.backend import BACKENDS, BackendOptions
from noetra_ros.policy.errors import PolicyError
from noetra_ros.policy.serving.conversation import Conversation
from noetra_ros.policy.serving.link import Link, LinkCounts, require_websockets
from noetra_ros.policy.serving.link_settings import read_link
from noetra_ros.policy.serving.messages import SUBPROTOCOL, Answer, ServerTiming
from noetra_ros.policy.spec import PolicySpec


@BACKENDS.register("remote")
class RemoteBackend:
    """Asks the server within a declared time; without an answer there is no chunk, never an old one.

    The checkpoint is a link file (`LinkSettings`). The spec is the server's: the first look at it connects.

    Attributes:
        infer_after: carries on from a prefix; there only where the served model can.
        round_trip_s: s that the last answer took, all in all.
        server_timing: where the server's part of it went.
    """

    infer_after: Callable[[Observation, ActionPrefix], ActionChunk]

    def __init__(self, options: BackendOptions) -> None:
        self._settings = read_link(options.checkpoint, "remote")
        self._channel = options.channel_name
        self._sequence = itertools.count(1)
        self._begins = True
        self._conversation = Conversation(self._settings.url)
        authorization = f"Bearer {self._settings.token}" if self._settings.token else ""
        self._link = Link(self._settings, self._conversation.greet, SUBPROTOCOL, authorization)
        weakref.finalize(self, self._link.close)
        self.round_trip_s, self.server_timing = 0.0, ServerTiming()

    @property
    def spec(self) -> PolicySpec:
        """What the served policy needs and gives.

        Raises:
            ConfigError: the server cannot be reached, or refuses this robot.
        """
        if self._conversation.hello is None:
            self._connect()
        assert self._conversation.hello is not None
        return self._conversation.hello.spec

    @property
    def counts(self) -> LinkCounts:
        """What the link has gone through."""
        return self._link.counts

    def load(self) -> None:
        """Connect, and see that an answer can come before the plan that it follows has run out.

        Raises:
            ConfigError: no server, another one, or `reply_within_s` is longer than a chunk.
        """
        self._connect()
        spec, within_s = self.spec, self._settings.reply_within_s
        reach_s = spec.start_offset_s + spec.rows * spec.step_s
        if within_s > reach_s:
            expected = f"at most {reach_s:g} s, the reach of a chunk of {spec.model}"
            raise single_fault("link", "reply_within_s", within_s, expected)

    def infer(self, observation: Observation) -> ActionChunk:
        """The chunk that answers an observation.

        Raises:
            LinkError: no valid answer within `reply_within_s`.
            PolicyError: the model refused the observation.
        """
        return self._asked(observation)

    def reset(self) -> None:
        """The next request tells the server; nothing is waited for here."""
        self._begins = True

    def close(self) -> None:
        """Drop the connection."""
        self._link.close()

    def _asked(self, observation: Observation, prefix: ActionPrefix | None = None) -> ActionChunk:
        began_s = time.perf_counter()
        conversation, begins = self._conversation, self._begins
        answer: Answer = self._link.exchange(
            lambda left_s: conversation.ask(observation, prefix, begins, left_s), conversation.take
        )
        self._begins = False
        self.round_trip_s, self.server_timing = time.perf_counter() - began_s, answer.timing
        if answer.chunk is None:
            assert answer.refusal is not None
            raise PolicyError(f"{self._settings.url}: {answer.refusal.words}")
        return dataclasses.replace(
            answer.chunk,
            sequence=next(self._sequence),
            channel=self._channel,
            inference_s=self.round_trip_s,
        )

    def _connect(self) -> None:
        require_websockets()
        try:
            self._link.connect()
        except PolicyError as error:
            remedy = "is `noetra serve` running there? its health page is the same address by http"
            fault = Fault("url", str(error), "a server that greets this robot", remedy)
            raise ConfigError(f"policy remote ({self._settings.url})", [fault]) from error
        assert self._conversation.hello is not None
        if self._conversation.hello.takes_prefix:
            self.infer_after = self._asked
