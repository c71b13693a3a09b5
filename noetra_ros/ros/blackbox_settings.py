"""Parameters of the black box node."""

from __future__ import annotations

from dataclasses import dataclass

from noetra_ros.core.config import setting
from noetra_ros.data.blackbox.incident import Window
from noetra_ros.data.blackbox.retention import Bounds
from noetra_ros.ros.language_settings import LanguageSettings
from noetra_ros.ros.parameters import NodeSettings

PICTURES = ("annotated", "camera", "none")


@dataclass(frozen=True, kw_only=True)
class BlackboxSettings(LanguageSettings, NodeSettings):
    """What is kept, for how long, and where."""

    blackbox_path: str = setting(description="folder of the incident files; made where there is none")
    channel: str = setting(description="command channel of the profile; empty = its default one", default="")
    before_s: float = setting("s", "kept before a stop", minimum=0.5, maximum=600.0)
    after_s: float = setting(
        "s",
        "kept after a stop; another stop within it goes on in the same file",
        minimum=0.0,
        maximum=600.0,
    )
    file_max_s: float = setting(
        "s", "longest time after the first stop of a file; a later stop begins another", minimum=1.0
    )
    silence_s: float = setting(
        "s",
        "a supervisor that lets commands pass and is silent for so long counts as a stop",
        minimum=0.2,
        maximum=60.0,
    )
    memory_bytes: int = setting(
        "byte",
        "memory for messages; half of it for the time before a stop. Files that wait for the disk take as "
        "much again, each of two",
        minimum=100_000,
    )
    blackbox_max_bytes: int = setting(
        "byte", "of all incident files together; the oldest go first, never the newest", minimum=100_000
    )
    blackbox_max_files: int = setting(description="number of incident files, likewise", minimum=1)
    keep_days: float | None = setting(
        "d", "older incident files are removed; null = none is for its age", minimum=0.01, default=None
    )
    free_min_bytes: int = setting(
        "byte", "of the disk that stay free; less than that is an error on /diagnostics", minimum=0
    )
    pictures: str = setting(
        description="annotated: perception's annotated picture where there is one, else the camera's; "
        "camera: the camera's; none",
        choices=PICTURES,
    )
    thumbnail_rate_hz: float = setting("Hz", "pictures kept of each camera", minimum=0.1, maximum=30.0)
    thumbnail_px: int = setting("px", "longer side of a kept picture", minimum=16, maximum=1920)
    thumbnail_quality: int = setting(description="JPEG quality of a kept picture", minimum=5, maximum=95)

    @property
    def window(self) -> Window:
        """How long a file is."""
        return Window(self.before_s, self.after_s, self.file_max_s, self.silence_s)

    @property
    def bounds(self) -> Bounds:
        """What the folder may take."""
        return Bounds(self.blackbox_max_bytes, self.blackbox_max_files, self.free_min_bytes)
