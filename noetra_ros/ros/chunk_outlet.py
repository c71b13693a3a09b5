"""Publishes the answers of the running model, on the model's own thread; none to a former sentence."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from typing import Any

from rclpy.node import Node
from std_msgs.msg import Float64

from noetra_ros.core.types import ActionChunk, CommandKind
from noetra_ros.ros import interfaces
from noetra_ros.ros.chunk_message import ChunkMessage
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
        self._sequence = 0
        self._message = ChunkMessage()
        self._chunk: Any = interfaces.POLICY_CHUNK.publisher(node)
        self._trust: Any = interfaces.POLICY_TRUST.publisher(node)

    def give_to(self, seat: PolicySeat | None) -> None:
        """Let out the chunks of this model alone; None = of none."""
        with self.turn:
            self.seat = seat
            if seat is not None:
                is_base = seat.spec.kind is CommandKind.BASE_TWIST
                self._message = ChunkMessage(seat.policy.profile.base_frame if is_base else "")

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
        with self.turn:
            if self._is_void(seat, run):
                return False
            if not math.isnan(answer.trust):  # told first: a chunk is not carried out before it is judged
                self._trust.publish(Float64(data=answer.trust))
            self._publish(answer)
            self.inference = self.inference.after(answer.inference_s, age_s)
        self.on_answer(seat, run, answer)
        return True

    def send_correction(self, seat: PolicySeat, corrected: ActionChunk, run: int) -> bool:
        """Publish what was made of an answer: no inference of the model, and nobody has judged it anew.

        Args:
            seat: of the model whose answer it was.
            corrected: its chunk, changed.
            run: number of the run in which it was asked.
        """
        with self.turn:
            if self._is_void(seat, run):
                return False
            self._publish(corrected)
        return True

    def close(self, node: Node) -> None:
        """Take the publishers down."""
        node.destroy_publisher(self._chunk)
        node.destroy_publisher(self._trust)

    def _is_void(self, seat: PolicySeat, run: int) -> bool:
        return seat is not self.seat or run != seat.session.run or self._failed == (seat, run)

    def _publish(self, chunk: ActionChunk) -> None:
        self._sequence += 1
        self._chunk.publish(self._message.filled(chunk, self._sequence))
