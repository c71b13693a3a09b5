"""Who may reset the supervisor: anyone who calls the service, or only while a key is turned."""

from __future__ import annotations

import time
from dataclasses import dataclass

from rclpy.node import Node
from std_msgs.msg import Bool

from noetra_ros.core.config import setting
from noetra_ros.ros import interfaces

ANYONE, KEY = "anyone", "key"
# A key that was turned must not stay turned because its wire was cut. Sources at 10 Hz tell it five times.
HEARD_WITHIN_S = 0.5


@dataclass(frozen=True, kw_only=True)
class ResetSettings:
    """Parameters of who may reset."""

    reset_by: str = setting(
        description="who may call safety/reset: anyone; key: it is refused unless the topic reset_key says "
        "true at that moment, which a key switch beside the robot does",
        choices=(KEY, ANYONE),
        default=ANYONE,
    )


class ResetKey:
    """Listens to the key switch. Use it from the executor's thread.

    Args:
        node: the supervisor node.
        settings: who may reset.
    """

    def __init__(self, node: Node, settings: ResetSettings) -> None:
        self._is_needed = settings.reset_by == KEY
        self._is_turned, self._heard_s = False, -HEARD_WITHIN_S
        if self._is_needed:
            interfaces.RESET_KEY.subscription(node, self._on_key)

    def refusal(self) -> str:
        """Why nobody may reset now; empty = it may be."""
        if not self._is_needed:
            return ""
        if time.monotonic() - self._heard_s > HEARD_WITHIN_S:
            return "reset_by is key, and nobody tells on reset_key whether it is turned"
        return "" if self._is_turned else "reset_by is key, and the key is not turned (topic reset_key)"

    def _on_key(self, message: Bool) -> None:
        self._is_turned, self._heard_s = bool(message.data), time.monotonic()
