"""Runs one node as a process: executor, signals, exit codes."""

from __future__ import annotations

import contextlib
import io
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from types import FrameType
from typing import Any

import rclpy
from rclpy.executors import Executor
from rclpy.signals import SignalHandlerOptions

from noetra_ros.core.errors import ConfigError, NoetraError
from noetra_ros.ros.lifecycle import GraphNode
from noetra_ros.ros.urgency import raise_process

try:  # a third of the CPU time of the other one, and less jitter
    from rclpy.experimental import EventsExecutor as NodeExecutor
except ImportError:  # first releases of Jazzy
    from rclpy.executors import SingleThreadedExecutor as NodeExecutor

EXIT_OK = 0
EXIT_FAILED = 1
EXIT_WRONG_SETUP = 2
# How long a signal may wait for attention. EventsExecutor.spin() has no end of its own with some wheels.
POLL_S = 0.1


class StopRequest:
    """Set by SIGINT and SIGTERM; rclpy's own handlers end the context before nodes can say goodbye."""

    def __init__(self) -> None:
        self._event = threading.Event()

    @property
    def is_set(self) -> bool:
        """True once a signal has asked for the end."""
        return self._event.is_set()

    def install(self) -> None:
        """Take over SIGINT and SIGTERM of this process (main thread only)."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._on_signal)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self._event.set()


def run_node(make_node: Callable[[], GraphNode[Any]], arguments: Sequence[str] | None = None) -> int:
    """Make a node, start it, serve it until SIGINT or SIGTERM.

    Args:
        make_node: the node class.
        arguments: command line; this process's by default.

    Returns:
        0 after a signal, 2 for a wrong set-up (every fault printed), 1 for another error of ours.
    """
    stop = StopRequest()
    stop.install()
    rclpy.init(args=arguments, signal_handler_options=SignalHandlerOptions.NO)
    node: GraphNode[Any] | None = None
    try:
        node = make_node()
        if not node.settings.lock_step:  # there time waits for whoever is slow
            raise_process(node.niceness)
        node.start()
        serve(node, stop)
        return EXIT_OK
    except ConfigError as error:
        print(error, file=sys.stderr, flush=True)
        return EXIT_WRONG_SETUP
    except NoetraError as error:
        print(f"{node.get_name() if node else 'node'}: {error}", file=sys.stderr, flush=True)
        return EXIT_FAILED
    finally:
        if node is not None:
            node.trigger_shutdown()
            node.destroy_node()
        rclpy.try_shutdown()


def make_executor() -> Executor:
    """The executor that nodes here run on.

    rclpy turns faulthandler on with it, which wants a stderr with a descriptor. Where something stands in
    for stderr (a test, a notebook), it gets the process's own.
    """
    try:
        return NodeExecutor()
    except io.UnsupportedOperation:
        with contextlib.redirect_stderr(sys.__stderr__):
            return NodeExecutor()


def serve(node: GraphNode[Any], stop: StopRequest) -> None:
    """Spin `node` until `stop` is set."""
    executor = make_executor()
    executor.add_node(node)
    try:
        while not stop.is_set and rclpy.ok():
            executor.spin_once(timeout_sec=POLL_S)
    finally:
        executor.remove_node(node)
        executor.shutdown()
