"""A service that answers later than its callback returns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rclpy.node import Node

from noetra_ros.ros import interfaces

Answer = Callable[[Any], None]


class ParkedService:
    """Without a coroutine that waits: one costs an EventsExecutor half a core for as long as it does.

    Args:
        node: where the service lives.
        service: name and type.
        on_request: takes the request and what sends its response: to be called once, by the executor's
            thread.
    """

    def __init__(
        self, node: Node, service: interfaces.Service, on_request: Callable[[Any, Answer], None]
    ) -> None:
        self._node, self._on_request = node, on_request
        self._requests: list[Any] = []
        self._service = node.create_service(service.kind, service.name, self._on_call)
        self._send = self._service.send_response
        self._service.send_response = self._park  # called by the executor right after the callback

    def close(self) -> None:
        """Take the service down."""
        self._node.destroy_service(self._service)

    def _on_call(self, request: Any, response: Any) -> Any:
        self._requests.append(request)
        return response

    def _park(self, _: Any, header: Any) -> None:
        self._on_request(self._requests.pop(0), lambda response: self._send(response, header))
