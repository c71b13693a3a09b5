"""The language of what people are told about stops."""

from __future__ import annotations

from dataclasses import dataclass

from noetra_ros.core.config import setting
from noetra_ros.core.wording import CHOICES


@dataclass(frozen=True, kw_only=True)
class LanguageSettings:
    """Parameter of a node whose messages people read."""

    language: str = setting(
        description="language of explanations of stops at terminals: en, ja, or both",
        choices=CHOICES,
        default="en",
    )
