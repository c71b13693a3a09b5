"""What robots and the server say to each other; `wire` makes bytes of these and checks them coming back.

The server greets with a `Hello`. Each `Ask` has a number that grows; its `Answer` repeats number and session,
so that an answer which comes late, twice or on another connection is never taken for the one awaited.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from noetra_ros.core.types import ActionChunk, ActionPrefix, Observation
from noetra_ros.policy.spec import PolicySpec

SUBPROTOCOL = "noetra.policy.1"
MIB = 1024**2


class Reason(Enum):
    """Why there is no chunk. What nobody waits for any more is not answered: old, repeated, replaced."""

    MODEL = "model"  # the model refused the observation or failed
    UNAVAILABLE = "unavailable"  # the server is ending, or has lost the machine with the model


@dataclass(frozen=True)
class Hello:
    """First message of a connection, from the server.

    Attributes:
        spec: what the policy needs and gives.
        session: name of this connection, chosen at random.
        max_message_bytes: a longer message ends the connection.
        takes_prefix: the model can carry on from actions that are already decided (`Ask.prefix`).
    """

    spec: PolicySpec
    session: str
    max_message_bytes: int
    takes_prefix: bool = False


@dataclass(frozen=True)
class Ask:
    """One request for a chunk.

    Attributes:
        session: from the `Hello` of this connection.
        sequence: greater than that of every earlier request on the connection.
        answer_within_s: s from now; the server computes nothing for a request that is older.
        observation: what to answer.
        begins: an episode or a sentence begins: forget what was before.
        prefix: what the chunk has to carry on from; None = nothing.
    """

    session: str
    sequence: int
    answer_within_s: float
    observation: Observation
    begins: bool = False
    prefix: ActionPrefix | None = None


@dataclass(frozen=True)
class Refusal:
    """Said instead of a chunk.

    Attributes:
        reason: for programs.
        words: for a person.
    """

    reason: Reason
    words: str


@dataclass(frozen=True)
class ServerTiming:
    """Where a request's time went on the server.

    Attributes:
        decode_s: s from bytes to observation.
        queue_s: s until the model was free.
        infer_s: s of the model, for the whole batch.
        batch: requests that were computed together.
    """

    decode_s: float = 0.0
    queue_s: float = 0.0
    infer_s: float = 0.0
    batch: int = 0

    @property
    def total_s(self) -> float:
        """All that the server knows of, s."""
        return self.decode_s + self.queue_s + self.infer_s


@dataclass(frozen=True)
class Answer:
    """What became of an `Ask`: a chunk or a refusal.

    Attributes:
        session: of the request.
        sequence: of the request.
        timing: where the time went.
        chunk: the answer; its number counts the server's chunks.
        refusal: why there is no chunk.
    """

    session: str
    sequence: int
    timing: ServerTiming
    chunk: ActionChunk | None = None
    refusal: Refusal | None = None

    def __post_init__(self) -> None:
        if (self.chunk is None) == (self.refusal is None):
            raise ValueError("expected either a chunk or a refusal")
