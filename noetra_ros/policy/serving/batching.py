"""Runs a backend on the requests of several robots; one that fails does not touch the others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from noetra_ros.core.types import ActionChunk, ActionPrefix, Observation
from noetra_ros.policy.backend import PolicyBackend
from noetra_ros.policy.errors import PolicyError
from noetra_ros.policy.serving.messages import Ask

LONGEST_WORDS = 500


@runtime_checkable
class BatchInference(Protocol):
    """Optional name of a backend; having it says that it keeps nothing from one call to the next."""

    def infer_batch(self, observations: Sequence[Observation]) -> Sequence[ActionChunk]:
        """One chunk for each observation, in their order, as `infer` would answer each alone.

        Raises:
            PolicyError: one of them lacks what the spec asks for.
        """


@runtime_checkable
class PrefixInference(Protocol):
    """Optional name of a backend that can carry on from actions that are already decided."""

    def infer_after(self, observation: Observation, prefix: ActionPrefix) -> ActionChunk:
        """The chunk that answers `observation` and begins as `prefix` says."""


def answers(backend: PolicyBackend, asks: Sequence[Ask]) -> list[ActionChunk | PolicyError]:
    """The chunk for each request, or why there is none.

    Args:
        backend: loaded, called on its own thread.
        asks: more than one only where the backend is a `BatchInference`.
    """
    if len(asks) > 1 and isinstance(backend, BatchInference) and not any(ask.prefix for ask in asks):
        try:
            chunks = list(backend.infer_batch([ask.observation for ask in asks]))
            if len(chunks) == len(asks):
                return list(chunks)
        except Exception:  # one of them is at fault: asked alone, each gets its own words
            pass
    return [_answer(backend, ask) for ask in asks]


def _answer(backend: PolicyBackend, ask: Ask) -> ActionChunk | PolicyError:
    try:
        if ask.begins and not isinstance(backend, BatchInference):
            backend.reset()
        if ask.prefix is None:
            return backend.infer(ask.observation)
        if not isinstance(backend, PrefixInference):
            return PolicyError(f"{backend.spec.model} cannot carry on from a prefix")
        return backend.infer_after(ask.observation, ask.prefix)
    except Exception as error:  # whatever a model raises is told to the robot that asked; the server goes on
        return PolicyError(f"{type(error).__name__}: {error}"[:LONGEST_WORDS])
