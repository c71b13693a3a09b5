"""Friction and damping that every simulated arm has, in whichever simulator."""

from __future__ import annotations

JOINT_DAMPING_NMS = 0.05
# Sliding, torsional (m), rolling (m).
PAD_FRICTION = (0.6, 0.02, 0.0002)
FINGER_FRICTION = (0.4, 0.005, 0.0001)
