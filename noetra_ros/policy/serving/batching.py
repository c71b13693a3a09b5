"""Runs a backend on the requests of several robots; one that fails does not touch the others."""

from __future__ import annotations

from collections.abc import Sequence

from noetra_ros.core.types import ActionChunk
from noetra_ros.policy.backend import CarriesOn, PolicyBackend
from noetra_ros.policy.errors import PolicyError
from noetra_ros.policy.serving.messages import Ask
from noetra_ros.policy.several_robots import RobotRequest, ServesSeveral

LONGEST_WORDS = 500
Asked = tuple[str, Ask]


class Answerer:
    """Asks a backend in the name of robots; used on the backend's own thread.

    Args:
        backend: loaded.
    """

    def __init__(self, backend: PolicyBackend) -> None:
        self._backend = backend
        self._robot = ""

    def answers(self, asked: Sequence[Asked]) -> list[ActionChunk | PolicyError]:
        """The chunk for each request, or why there is none.

        Args:
            asked: robots, all different, and their requests.
        """
        if isinstance(self._backend, ServesSeveral):
            return _together(self._backend, asked)
        return [self._alone(robot, ask) for robot, ask in asked]

    def leave(self, robot: str) -> None:
        """A robot has gone."""
        if isinstance(self._backend, ServesSeveral):
            self._backend.forget(robot)

    def _alone(self, robot: str, ask: Ask) -> ActionChunk | PolicyError:
        backend = self._backend
        try:
            if ask.begins or robot != self._robot:
                backend.reset()
                self._robot = robot
            if ask.prefix is None:
                return backend.infer(ask.observation)
            if not isinstance(backend, CarriesOn):
                return PolicyError(f"{backend.spec.model} cannot carry on from a prefix")
            return backend.infer_after(ask.observation, ask.prefix)
        except Exception as error:  # whatever a model raises is told to the robot; the server goes on
            return _failure(error)


def _together(backend: ServesSeveral, asked: Sequence[Asked]) -> list[ActionChunk | PolicyError]:
    if not isinstance(backend, CarriesOn) and any(ask.prefix is not None for _, ask in asked):
        return [PolicyError("this model cannot carry on from a prefix") for _ in asked]
    requests = [RobotRequest(robot, ask.observation, ask.prefix) for robot, ask in asked]
    try:
        for robot, ask in asked:
            if ask.begins:
                backend.forget(robot)
        return _batch(backend, requests)
    except Exception as error:  # one of them is at fault: asked alone, each gets its own words
        if len(requests) == 1:
            return [_failure(error)]
        return [_one(backend, request) for request in requests]


def _one(backend: ServesSeveral, request: RobotRequest) -> ActionChunk | PolicyError:
    try:
        return _batch(backend, [request])[0]
    except Exception as error:  # as above
        return _failure(error)


def _batch(backend: ServesSeveral, requests: list[RobotRequest]) -> list[ActionChunk | PolicyError]:
    chunks = list(backend.infer_batch(requests))
    if len(chunks) != len(requests):
        raise PolicyError(f"the model gave {len(chunks)} answers to {len(requests)} requests")
    return list(chunks)


def _failure(error: Exception) -> PolicyError:
    words = str(error) if isinstance(error, PolicyError) else f"{type(error).__name__}: {error}"
    return PolicyError(words[:LONGEST_WORDS])
