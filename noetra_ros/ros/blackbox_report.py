"""How the black box stands, for /diagnostics."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from diagnostic_msgs.msg import DiagnosticStatus, KeyValue

from noetra_ros.data.blackbox.retention import incident_files
from noetra_ros.data.blackbox.ring import Ring
from noetra_ros.ros.blackbox_settings import BlackboxSettings
from noetra_ros.ros.filing_thread import FilingThread
from noetra_ros.ros.thumbnails import Thumbnails


@dataclass(frozen=True)
class BlackboxHealth:
    """What a person wants to know of the black box.

    Attributes:
        error: why incidents cannot be kept; empty = they can.
        warning: what is left out; empty = nothing.
        values: numbers beside.
    """

    error: str
    warning: str
    values: dict[str, str]

    @classmethod
    def of(
        cls,
        folder: Path,
        settings: BlackboxSettings,
        ring: Ring,
        filing: FilingThread,
        thumbnails: Thumbnails | None,
        now_ns: int,
    ) -> BlackboxHealth:
        """Look at everything once; `now_ns` on the monotonic clock."""
        free, trouble = _free_bytes(folder)
        if not trouble and free < settings.free_min_bytes:
            trouble = (
                f"disk full: {free / 1e6:.0f} MB free in {folder}, free_min_bytes asks for "
                f"{settings.free_min_bytes / 1e6:.0f} MB  ->  make room"
            )
        lacks_s = ring.lacks_s(now_ns)
        warnings = [
            f"memory_bytes is too small: {lacks_s:.1f} s of before_s are missing" if lacks_s > 0.0 else "",
            f"{filing.lost} incidents were lost" if filing.lost else "",
            f"a picture is left out: {thumbnails.unreadable}" if thumbnails and thumbnails.unreadable else "",
        ]
        values = {
            "files written": str(filing.filed),
            "files in the folder": str(len(incident_files(folder))),
            "files that wait": str(filing.waiting),
            "incidents lost": str(filing.lost),
            "memory [MB]": f"{ring.bytes / 1e6:.2f}",
            "disk free [MB]": f"{free / 1e6:.0f}",
        }
        return cls(filing.fault or trouble, "; ".join(word for word in warnings if word), values)


def blackbox_status(name: str, health: BlackboxHealth) -> DiagnosticStatus:
    """One line of /diagnostics."""
    level = DiagnosticStatus.OK
    if health.warning:
        level = DiagnosticStatus.WARN
    if health.error:
        level = DiagnosticStatus.ERROR
    return DiagnosticStatus(
        level=level,
        name=name,
        message=health.error or health.warning or "ok",
        hardware_id="blackbox",
        values=[KeyValue(key=key, value=value) for key, value in health.values.items()],
    )


def _free_bytes(folder: Path) -> tuple[int, str]:
    """Free bytes of the disk, and why that cannot be told."""
    try:
        return shutil.disk_usage(folder).free, ""
    except OSError as error:
        return 0, f"black box: {error}"
