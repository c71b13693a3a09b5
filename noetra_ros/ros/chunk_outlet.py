"""Publishes the answers of the running model, on the model's own thread; none to a former sentence."""

from __future__ import annotations

import dataclasses
import math
import threading
from collections.abc import Callable
from typing import Any

from rclpy.node import Node
from std_msgs.msg import Float64

from noetra_ros.core.types import ActionChunk, CommandKind
from noetra_ros.ros import interfaces
from noetra_ros.ros.conversions import chunk_to_message
from noetra_ros.ros.policy_report import Inference
from noetra_ros.ros.policy_seat import PolicySeat


class ChunkOutlet:
    """Numbers chunks and lets them out.

    A chunk that is only to be sent does not wait for the executor's thread: a change of thread costs 0.1 ms.
    Whoever changes the sentence or the model holds `turn` meanwhile, so that no answer to the former one
    comes after it.

    Args:
        node: where the publishers live.
    """

    def __init__(self, node: Node) -> None:
        self.turn = threading.Lock()
        self.seat: PolicySeat | None = None
        self.inference = Inference()
        self.on_answer: Callable[[PolicySeat, int, ActionChunk], None] = lambda seat, run, chunk: None
        self._failed: tuple[PolicySeat, int] | None = None
        self._chunk: Any = interfaces.POLICY_CHUNK.publisher(node)
        self._trust: Any = interfaces.POLICY_TRUST.publisher(node)

    def give_to(self, seat: PolicySeat | None) -> None:
        """Let out the chunks of this model alone; None = of none."""
        with self.turn:
            self.seat = seat

    def fail(self, seat: PolicySeat, run: int) -> None:
        """The model has failed: it was asked again before anybody knew, and what it answers is void."""
        with self.turn:
            self._failed = (seat, run)

    def send(self, seat: PolicySeat, answer: ActionChunk, run: int, age_s: float) -> bool:
        """Publish an answer of the model, and tell `on_answer`; false where it is void.

        Args:
            seat: of the model that answered.
            answer: its chunk.
            run: number of the run in which it was asked.
            age_s: age of its observation when the inference began, s.
        """
        is_sent = self.send_correction(seat, answer, run, age_s)
        if is_sent:
            self.on_answer(seat, run, answer)
        return is_sent

    def send_correction(self, seat: PolicySeat, answer: ActionChunk, run: int, age_s: float) -> bool:
        """The same for what was made of an answer; nobody is told."""
        with self.turn:
            if seat is not self.seat or run != seat.session.run or self._failed == (seat, run):
                return False
            frame = seat.policy.profile.base_frame if answer.kind is CommandKind.BASE_TWIST else ""
            numbered = dataclasses.replace(answer, sequence=self.inference.chunks_sent + 1)
            if not math.isnan(answer.trust):  # told first: a chunk is not carried out before it is judged
                self._trust.publish(Float64(data=answer.trust))
            self._chunk.publish(chunk_to_message(numbered, frame))
            self.inference = self.inference.after(answer.inference_s, age_s)
        return True

    def close(self, node: Node) -> None:
        """Take the publishers down."""
        node.destroy_publisher(self._chunk)
        node.destroy_publisher(self._trust)
