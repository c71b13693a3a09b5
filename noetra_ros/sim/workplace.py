"""Where the arm stands: edges of its table, and the floor. Base frame, table top at 0."""

from __future__ import annotations

TABLE_LOWER_M = (-0.28, -0.62)
TABLE_UPPER_M = (0.60, 0.62)
TABLE_THICKNESS_M = 0.03
FLOOR_M = -0.74
"""Height of the floor: 0.74 m is the usual height of a table."""
