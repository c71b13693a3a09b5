"""The live page: shows a running robot in a browser; sentence, start, stop, emergency stop and reset."""

from __future__ import annotations

import sys
import time
from typing import Any

from rclpy.clock import Clock, ClockType

from noetra_ros.robots.profile import load_robot
from noetra_ros.ros.lifecycle import GraphNode
from noetra_ros.ros.spin import run_node
from noetra_ros.ros.view_inputs import ViewInputs
from noetra_ros.ros.view_operator import ViewOperator
from noetra_ros.ros.view_pictures import ViewPictures
from noetra_ros.ros.view_settings import ViewSettings
from noetra_ros.view.gate import Gate, is_loopback, new_token
from noetra_ros.view.heard import Heard
from noetra_ros.view.page import Page
from noetra_ros.view.server import open_server, page_address, require_viser

NODE_NAME = "view"
LOOK_S = 1.0


class ViewNode(GraphNode[ViewSettings]):
    """Works beside any graph: it listens, and asks the supervisor and the policy as any operator does.

    Args:
        **node_arguments: passed on to rclpy.
    """

    niceness = 5  # what draws must not disturb what drives
    takes_sim_time = False  # it shows what comes when it comes

    def __init__(self, **node_arguments: Any) -> None:
        super().__init__(NODE_NAME, ViewSettings, **node_arguments)

    def configure(self) -> None:
        """Open the page and wire the topics."""
        settings = self.settings
        require_viser()
        profile = load_robot(settings.robot)
        gate = Gate(settings.host, "" if is_loopback(settings.host) else new_token())
        self._heard = Heard()
        self._operator = ViewOperator(self, self._heard, settings.task_time_limit_s)
        self._server = open_server(gate, settings.port)
        self._page = Page(self._server, profile, self._operator, settings.language)
        self._operator.tell = self._page.tell
        self._inputs = ViewInputs(self, profile, self._heard)
        self._pictures = ViewPictures(self, profile, settings.picture_rate_hz, settings.picture_px)
        self.address = page_address(gate, self._server.get_port())

    def activate(self) -> None:
        """Begin to draw."""
        steady = Clock(clock_type=ClockType.STEADY_TIME)
        periods = {
            1.0 / self.settings.rate_hz: self._draw,
            1.0 / self.settings.picture_rate_hz: self._show_pictures,
            LOOK_S: self._pictures.look_for_sources,
        }
        self._running = [self.create_timer(s, call, clock=steady) for s, call in periods.items()]
        # Never to the log: /rosout would tell the token to all.
        print(f"live page: {self.address}", flush=True)

    def deactivate(self) -> None:
        """Draw no more."""
        for timer in self._running:
            self.destroy_timer(timer)

    def cleanup(self) -> None:
        """Close the page."""
        self._pictures.close()
        self._inputs.close()
        self._operator.close()
        self._server.stop()

    def _draw(self) -> None:
        now_ns = time.monotonic_ns()
        self._operator.look(now_ns)
        self._page.update(self._heard, now_ns)

    def _show_pictures(self) -> None:
        if pictures := self._pictures.take():
            self._page.show_pictures(pictures)


def main() -> int:
    """Run the node as a process."""
    return run_node(ViewNode)


if __name__ == "__main__":
    sys.exit(main())
