"""Which value of each node's settings is the more restrictive: what sectors may say, and how it is merged.

Every setting of the supervisor stands here, a test holds that; of other nodes those that a sector may say.
"""

from __future__ import annotations

from collections.abc import Mapping

from noetra_ros.core.phases import PHASES
from noetra_ros.core.strictness import (
    CommonNames,
    Direction,
    EveryName,
    Flag,
    Higher,
    Lower,
    Ordered,
    Reactions,
    Rule,
)

LOWER, HIGHER = Lower(), Higher()
ALL_NAMES, COMMON = EveryName(), CommonNames()
LATER_WINS, NOT_OF_SECTORS = Rule.LATER_WINS, Rule.NOT_OF_SECTORS

_LIMITS = {
    "speed_share": LOWER,
    "base_speed_mps": LOWER,
    "grip_share": LOWER,
    "grip_force_n": LOWER,
    "tool_speed_mps": LOWER,
    "reduced_speed_mps": LOWER,
    "reduced_speed": Flag(True),
    "reduced_speed_stays": Flag(True),
    "tracking_slow_share": LOWER,
    "max_lead_periods": LOWER,
    "bridge_after_periods": LOWER,
}
_AFTER_A_STOP = {
    "resumes_by_itself": Flag(False),
    "resume_after_s": HIGHER,
    "scale_rise_per_s": LOWER,
    "reset_by": Ordered(("key", "anyone")),
    "arm_at_start": Flag(False),
}
_PEOPLE = {
    "watch_people": Flag(True),
    "watch_obstacles": Flag(True),
    "human_speed_mps": HIGHER,
    "near_human_speed_mps": HIGHER,
    "near_distance_m": HIGHER,
    "human_acceleration_mps2": HIGHER,
    "max_track_std_m": LOWER,  # less is believed
    "controller_latency_s": HIGHER,
    "intrusion_m": HIGHER,
    "sensor_uncertainty_m": HIGHER,
    "uncertainty_factor": HIGHER,
    "robot_uncertainty_m": HIGHER,
    "slow_margin_m": HIGHER,
    "body_regions": NOT_OF_SECTORS,  # a file of limits: which of two is stricter cannot be said
    "contact_regions": ALL_NAMES,  # the slowest of them counts
    "contact_area_cm2": LOWER,  # more pressure
    "contact_distance_m": HIGHER,
    "payload_kg": HIGHER,
    "max_scene_age_s": LOWER,
    "sensor_reactions": Reactions(("stop", "slow", "warn")),
    "sensor_slow_scale": LOWER,
}
_THINGS = {
    "footprint_margin_m": HIGHER,
    "approach_share": LOWER,
    "blind_speed_mps": LOWER,
    "obstacle_margin_m": HIGHER,
    "touch_labels": COMMON,
}
_INPUTS = {
    "checks": ALL_NAMES,
    "barriers": ALL_NAMES,
    "check_settings": NOT_OF_SECTORS,  # of your own checks: their direction is not known
    "command_timeout_s": LOWER,
    "heartbeat_sources": ALL_NAMES,
    "heartbeat_timeout_s": LOWER,
    "estop_sources": ALL_NAMES,
    "estop_timeout_s": LOWER,
}
_PHASE = {"phase": Ordered(PHASES)}
_RECORDS = {
    "audit_retention": Ordered(("5_years", "1_year", "6_months")),  # evidence: the longest duty holds
    "audit_path": NOT_OF_SECTORS,
    "audit_key": NOT_OF_SECTORS,
    "replay_path": NOT_OF_SECTORS,
    "replay_max_bytes": NOT_OF_SECTORS,
    "language": LATER_WINS,
}
_START = dict.fromkeys(("robot", "sector", "lock_step", "autostart", "channel"), NOT_OF_SECTORS)

DIRECTIONS: Mapping[str, Mapping[str, Direction | Rule]] = {
    "supervisor": {
        **_LIMITS,
        **_AFTER_A_STOP,
        **_PEOPLE,
        **_THINGS,
        **_INPUTS,
        **_PHASE,
        **_RECORDS,
        **_START,
    },
    "streamer": {"limit_fraction": LOWER},
    "perception": {
        "annotate": Flag(False),
        "findings": ALL_NAMES,
        "person_hold_s": HIGHER,
        "unseen_thickness_m": HIGHER,
    },
    "policy": {"model_signers": COMMON},
    "blackbox": {
        "pictures": Ordered(("none", "camera", "annotated")),
        "thumbnail_px": LOWER,
        "thumbnail_rate_hz": LOWER,
        "before_s": LOWER,
        "after_s": LOWER,
        "keep_days": LOWER,
        "language": LATER_WINS,
    },
}
"""By node and setting; what a node has and this table has not, a sector may not say."""


def sayable(node: str) -> dict[str, Direction | Rule]:
    """Settings of a node that a sector may say, by name."""
    return {name: way for name, way in DIRECTIONS.get(node, {}).items() if way is not NOT_OF_SECTORS}
