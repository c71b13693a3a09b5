"""The checks, one file each; `check_registry` finds them by file name."""

from noetra_ros.safety.check import check_registry

__all__ = ["check_registry"]
