"""Puts an incident into its folder and keeps the folder within its bounds."""

from __future__ import annotations

from pathlib import Path

from noetra_ros.data.blackbox.incident import Incident
from noetra_ros.data.blackbox.incident_file import IncidentContent, write_incident
from noetra_ros.data.blackbox.retention import Bounds, file_name, remove_oldest, require_space


def file_incident(folder: Path, bounds: Bounds, incident: Incident, content: IncidentContent) -> Path:
    """Write one incident; the oldest files make room for it once it is on the disk.

    A disk that others have filled costs no older incident: the new one waits.

    Returns:
        The file.

    Raises:
        OSError: it cannot be written now.
    """
    first = incident.stops[0]
    folder.mkdir(parents=True, exist_ok=True)
    require_space(folder, content.size, bounds)
    path = folder / file_name(first.at_ns + content.utc_minus_steady_ns, first.mode, first.check)
    write_incident(path, content)
    remove_oldest(folder, path, bounds)
    return path
