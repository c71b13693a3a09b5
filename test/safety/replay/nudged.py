"""A supervisor that sends one last bit more than it should."""

from typing import Any

import numpy as np

from noetra_ros.safety.attributes import changed
from noetra_ros.safety.gated_together import GatedTogether
from noetra_ros.safety.report import Decision
from noetra_ros.safety.supervisor import Supervisor


class Nudged:
    """Everything of `supervisor` but the values that it sends."""

    def __init__(self, supervisor: Supervisor | GatedTogether) -> None:
        self.supervisor = supervisor

    @property
    def __class__(self) -> Any:
        """To `isinstance` it is what it stands for."""
        return type(self.supervisor)

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.supervisor, name)
        return (lambda *given: nudged(found(*given))) if callable(found) else found


def nudged(answer: Any) -> Any:
    """What is sent, a bit higher; other answers as they are."""
    if not isinstance(answer, Decision):
        return answer
    parts = tuple(part._replace(values=np.nextafter(part.values, 9.0)) for part in answer.parts)
    values = answer.values
    return changed(answer, parts=parts, values=None if values is None else np.nextafter(values, 9.0))
