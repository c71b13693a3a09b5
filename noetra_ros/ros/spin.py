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
    """Make a node, start it, serve it until SIGINT or SIGTERM; see `run_nodes`."""
    return run_nodes([make_node], arguments)


def run_nodes(
    make_nodes: Sequence[Callable[[], GraphNode[Any]]], arguments: Sequence[str] | None = None
) -> int:
    """Make nodes, start them, serve them on one executor until SIGINT or SIGTERM.

    Args:
        make_nodes: the node classes, first to start first; the process is as urgent as the first of them.
        arguments: command line; this process's by default.

    Returns:
        0 after a signal, 2 for a wrong set-up (every fault printed), 1 for another error of ours.
    """
    stop = StopRequest()
    stop.install()
    rclpy.init(args=arguments, signal_handler_options=SignalHandlerOptions.NO)
    nodes: list[GraphNode[Any]] = []
    try:
        for make_node in make_nodes:
            nodes.append(make_node())
        if not nodes[0].settings.lock_step:  # there time waits for whoever is slow
            raise_process(nodes[0].niceness)
        for node in nodes:
            node.start()
        serve(nodes, stop)
        return EXIT_OK
    except ConfigError as error:
        print(error, file=sys.stderr, flush=True)
        return EXIT_WRONG_SETUP
    except NoetraError as error:
        names = ", ".join(node.get_name() for node in nodes) or "node"
        print(f"{names}: {error}", file=sys.stderr, flush=True)
        return EXIT_FAILED
    finally:
        for node in reversed(nodes):
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


def serve(nodes: Sequence[GraphNode[Any]], stop: StopRequest) -> None:
    """Spin nodes until `stop` is set."""
    executor = make_executor()
    for node in nodes:
        executor.add_node(node)
    try:
        while not stop.is_set and rclpy.ok():
            executor.spin_once(timeout_sec=POLL_S)
    finally:
        for node in nodes:
            executor.remove_node(node)
        executor.shutdown()
