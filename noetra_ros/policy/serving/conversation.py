"""The robot's half of the protocol: numbers the requests, takes the one answer that is awaited, once."""

from __future__ import annotations

import itertools

from noetra_ros.core.types import ActionChunk, ActionPrefix, Observation
from noetra_ros.policy.errors import PolicyError
from noetra_ros.policy.serving.messages import Answer, Ask, Hello
from noetra_ros.policy.serving.wire import WireError, pack, unpack
from noetra_ros.policy.spec import PolicySpec


class Conversation:
    """Survives connections: numbers go on, and the server has to offer the same model each time.

    Args:
        url: of the server, for messages.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._numbers = itertools.count(1)
        self._awaited: Ask | None = None
        self.hello: Hello | None = None

    def greet(self, message: bytes | str) -> None:
        """The first message of a connection.

        Raises:
            PolicyError: no `Hello`, or another model than before.
        """
        hello = unpack(Hello, message)
        if self.hello is not None and hello.spec != self.hello.spec:
            found = f"{hello.spec.model}, not the {self.hello.spec.model} that was checked"
            raise PolicyError(f"{self._url} now offers {found}: start the policy anew")
        self.hello = hello

    def ask(
        self, observation: Observation, prefix: ActionPrefix | None, begins: bool, left_s: float
    ) -> bytes:
        """The bytes of a new request; answers to earlier ones are void from now on.

        Args:
            observation: what to answer.
            prefix: what the chunk has to carry on from; None = nothing.
            begins: forget what was before.
            left_s: s until the answer is void.

        Raises:
            PolicyError: the request is longer than the server takes.
        """
        assert self.hello is not None, "the link greets before it asks"
        hello = self.hello
        ask = Ask(hello.session, next(self._numbers), left_s, observation, begins, prefix)
        data = pack(ask)
        if len(data) > hello.max_message_bytes:
            limit = f"{hello.max_message_bytes} that {self._url} takes"
            raise PolicyError(f"the observation has {len(data)} bytes, more than the {limit}")
        self._awaited = ask
        return data

    def take(self, message: bytes | str) -> Answer | None:
        """The awaited answer; None for a late, repeated or foreign one.

        Raises:
            WireError: not an answer, or one that does not fit the question.
        """
        answer, ask = unpack(Answer, message), self._awaited
        if ask is None or (answer.session, answer.sequence) != (ask.session, ask.sequence):
            return None
        self._awaited = None
        if answer.chunk is not None:
            assert self.hello is not None
            if words := misfit(answer.chunk, ask.observation, self.hello.spec):
                raise WireError(f"{self._url} answered {words}")
        return answer


def misfit(chunk: ActionChunk, observation: Observation, spec: PolicySpec) -> str:
    """What a chunk has that its observation and spec do not say; empty = it fits."""
    pairs = {
        "stamp_ns": (chunk.stamp_ns, observation.stamp_ns),
        "kind": (chunk.kind, spec.kind),
        "names": (chunk.names, spec.actions),
        "shape": (chunk.values.shape, (spec.rows, len(spec.actions))),
        "step_s": (chunk.step_s, spec.step_s),
        "start_offset_s": (chunk.start_offset_s, spec.start_offset_s),
    }
    return "; ".join(f"{key} {got}, expected {want}" for key, (got, want) in pairs.items() if got != want)
