"""The supervisor's audit log: what was started, every mode change and event, whose model moves the robot."""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import platform
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from rclpy.node import Node

from noetra_ros import __version__
from noetra_ros.core.config import setting
from noetra_ros.core.errors import NoetraError, single_fault
from noetra_ros.core.resources import config_file
from noetra_ros.msg import PolicyStatus
from noetra_ros.ros import interfaces
from noetra_ros.ros.audit_thread import AuditThread
from noetra_ros.ros.distribution import ros_distribution
from noetra_ros.ros.safety_messages import event_record, transition_record
from noetra_ros.ros.sectors import sector_names
from noetra_ros.safety import KERNEL
from noetra_ros.safety.audit.keys import SigningKey, default_key_path
from noetra_ros.safety.audit.log import AuditLog
from noetra_ros.safety.audit.segments import RETENTION_DAYS
from noetra_ros.safety.events import Event
from noetra_ros.safety.report import Decision


@dataclasses.dataclass(frozen=True, kw_only=True)
class AuditSettings:
    """Parameters of the audit log."""

    audit_path: str = setting(
        description="folder of the signed, hash-chained audit log; empty = none. While it cannot be written "
        "the robot cannot be armed",
        default="",
    )
    audit_key: str = setting(
        description="PEM file of the key that signs it (Ed25519), made where there is none; empty = "
        "noetra/audit_key.pem in the user's state folder",
        default="",
    )
    audit_retention: str = setting(
        description="how long records are kept", choices=tuple(RETENTION_DAYS), default="6_months"
    )


class AuditWiring:
    """Turns decisions into records. Use it from the executor's thread.

    Args:
        node: the supervisor node.
        settings: of the log; `audit_path` is not empty.
        robot: name or file of the robot profile.
        parameters: of the node, for the record of its start.

    Raises:
        ConfigError: the log cannot be written, or is broken.
    """

    def __init__(
        self, node: Node, settings: AuditSettings, robot: str, parameters: Mapping[str, Any]
    ) -> None:
        folder = Path(settings.audit_path)
        key = SigningKey.load_or_make(Path(settings.audit_key) if settings.audit_key else default_key_path())
        days = RETENTION_DAYS[settings.audit_retention]
        try:
            self._thread = AuditThread(lambda: AuditLog(folder, key, days))
        except (OSError, NoetraError) as error:
            expected = "a folder that can be written to, with a whole log or none"
            raise single_fault("supervisor", "audit_path", str(error), expected) from None
        self._model = ""
        self._thread.put(lambda: start_record(robot, parameters))
        self._policy = interfaces.POLICY_STATUS.subscription(node, self._on_policy)

    @property
    def fault(self) -> str:
        """Why nothing can be written at the moment; empty = all is well."""
        return self._thread.fault

    def tell(self, decision: Decision, ros_now_ns: int) -> None:
        """Write down what was decided."""
        for transition in decision.transitions:
            self._put(transition_record, transition, ros_now_ns)
        for event in decision.events:
            self.tell_event(event, ros_now_ns)

    def tell_event(self, event: Event, ros_now_ns: int) -> None:
        """Write down one event."""
        self._put(event_record, event, ros_now_ns)

    def close(self) -> None:
        """Sign the end."""
        self._thread.close()

    def _on_policy(self, message: PolicyStatus) -> None:
        """Another model moves the robot from now on."""
        if message.model != self._model:
            self._model = message.model
            record = {"kind": "model", "utc_ns": time.time_ns(), "model": message.model}
            self._thread.put(lambda: record)

    def _put(self, make: Callable[[Any, int], dict[str, Any]], what: Any, ros_now_ns: int) -> None:
        self._thread.put(functools.partial(make, what, ros_now_ns))


def start_record(robot: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """What runs: versions, the kernel with the hash of its sources, robot profile and sectors by their
    hashes, every parameter as it is in force.
    """
    return {
        "kind": "start",
        "utc_ns": time.time_ns(),
        "version": __version__,
        "python": platform.python_version(),
        "kernel": KERNEL.words(),
        "kernel_sha256": KERNEL.sources,
        "ros_distro": ros_distribution(),
        "host": platform.node(),
        "robot": robot,
        "robot_sha256": _sha256("robots", robot),
        "sectors": {name: _sha256("sectors", name) for name in sector_names(parameters.get("sector", ""))},
        "parameters": {name: value for name, value in parameters.items() if name not in ("audit_key",)},
    }


def _sha256(kind: str, name: str) -> str:
    return hashlib.sha256(config_file(kind, name).read_bytes()).hexdigest()
