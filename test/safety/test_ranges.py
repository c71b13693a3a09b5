"""The declared ranges of every threshold, written once more: a range that slips lets a wrong setting in."""

import dataclasses

from noetra_ros.safety.checks import check_registry
from noetra_ros.safety.limit_settings import LimitSettings
from noetra_ros.safety.settings import SupervisorSettings

RANGES = {
    "approach_share": ("1", 0.05, 1.0),
    "base_speed_mps": ("m/s", 0.01, 20.0),
    "blind_speed_mps": ("m/s", 0.0, 1.0),
    "footprint_margin_m": ("m", 0.0, 2.0),
    "bridge_after_periods": ("1", 1.5, 50.0),
    "command_timeout_s": ("s", 0.001, 10.0),
    "contact_area_cm2": ("cm2", 0.01, 1000.0),
    "contact_distance_m": ("m", 0.0, None),
    "controller_latency_s": ("s", 0.0, 2.0),
    "estop_timeout_s": ("s", 0.01, 10.0),
    "grip_force_n": ("N", 0.1, 1000.0),
    "grip_share": ("1", 0.05, 1.0),
    "heartbeat_timeout_s": ("s", 0.001, 10.0),
    "human_acceleration_mps2": ("m/s2", 0.0, None),
    "human_speed_mps": ("m/s", 0.0, 10.0),
    "intrusion_m": ("m", 0.0, None),
    "max_lead_periods": ("1", 0.5, 5.0),
    "max_scene_age_s": ("s", 0.001, 10.0),
    "max_track_std_m": ("m", 0.0, None),
    "near_distance_m": ("m", 0.0, 5.0),
    "near_human_speed_mps": ("m/s", 0.0, 10.0),
    "payload_kg": ("kg", 0.0, None),
    "obstacle_margin_m": ("m", 0.0, 0.5),
    "reduced_speed_mps": ("m/s", 0.0, None),
    "resume_after_s": ("s", 0.0, 60.0),
    "robot_uncertainty_m": ("m", 0.0, None),
    "scale_rise_per_s": ("1/s", 0.01, 100.0),
    "sensor_slow_scale": ("1", 0.0, 1.0),
    "sensor_uncertainty_m": ("m", 0.0, None),
    "slow_margin_m": ("m", 0.0, None),
    "speed_share": ("1", 0.05, 1.0),
    "tool_speed_mps": ("m/s", 0.01, 20.0),
    "tracking_slow_share": ("1", 0.0, 1.0),
    "trust_slow_below": ("1", 0.0, 1.0),
    "trust_slow_scale": ("1", 0.0, 1.0),
    "trust_stop_below": ("1", 0.0, 1.0),
    "trust_timeout_s": ("s", 0.01, 60.0),
    "uncertainty_factor": ("1", 0.0, None),
}


def declared():
    """Unit, lowest and highest of every field that has a range, of the node and of each check."""
    found = {}
    for kind in (SupervisorSettings, *(check_registry.get(name) for name in check_registry.names())):
        for field in dataclasses.fields(kind):
            about = field.metadata
            if about.get("minimum") is not None or about.get("maximum") is not None:
                own = (about["unit"], about["minimum"], about["maximum"])
                assert found.setdefault(field.name, own) == own, field.name
    return found


def test_every_range_is_as_declared():
    assert declared() == RANGES


def test_no_threshold_has_a_default():
    """What only tightens may have one: without it the limits of the robot profile hold as they are."""
    tightening = {field.name for field in dataclasses.fields(LimitSettings)} | {"reduced_speed_stays"}
    fields = dataclasses.fields(SupervisorSettings)
    with_default = {field.name for field in fields if field.default is not dataclasses.MISSING}
    assert with_default == tightening | {"check_settings"}
