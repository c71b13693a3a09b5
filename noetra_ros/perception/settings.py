"""Settings of the geometry: depth to tracked obstacles."""

from __future__ import annotations

from dataclasses import dataclass

from noetra_ros.core.config import setting

TABLE_MODES = ("configured", "fitted", "none")


@dataclass(frozen=True, kw_only=True)
class GeometrySettings:
    """How points become obstacles. What decides what is seen, and for how long it counts, has no default."""

    sensors: tuple[str, ...] = setting(
        description="what scenes rest on: cameras with depth, scans and clouds, by name; "
        "empty = all depth cameras, the scan and the clouds of the profile",
        default=("",),
    )
    region_lower_m: tuple[float, float, float] = setting(
        "m", "lowest corner of the region that is looked at, base frame"
    )
    region_upper_m: tuple[float, float, float] = setting(
        "m", "highest corner of the region that is looked at, base frame"
    )
    voxel_m: float = setting(
        "m", "edge of a voxel: what is less than one apart is one thing", minimum=0.005, maximum=0.2
    )
    points_min: int = setting(
        "1", "a cluster of fewer points is noise; 1 = every point counts", minimum=1, maximum=1000
    )
    pixels_max: int = setting(
        "px",
        "larger depth pictures are reduced to this many pixels or fewer; each keeps the nearest of its block",
        minimum=1000,
        maximum=4_000_000,
        default=80_000,
    )
    grazing_jump_m: float = setting(
        "m",
        "a pixel whose two neighbours, in a row or a column, lie this far before and behind it is grazing or "
        "flying and is left out; grows with depth_noise",
        minimum=0.005,
        maximum=1.0,
        default=0.05,
    )
    depth_noise_m: float = setting(
        "m", "standard deviation of depth close to the sensor", minimum=0.0, maximum=0.1
    )
    depth_noise_per_m: float = setting(
        "1/m", "its growth with the square of the depth", minimum=0.0, maximum=0.1
    )
    table: str = setting(description="where the table or floor is taken from", choices=TABLE_MODES)
    table_height_m: float = setting(
        "m", "height of the table or floor in the base frame", minimum=-5.0, maximum=5.0, default=0.0
    )
    table_tolerance_m: float = setting(
        "m",
        "fitted: how far the plane may lie from table_height_m within the region, otherwise it is ignored",
        minimum=0.0,
        maximum=0.5,
        default=0.03,
    )
    table_clearance_m: float = setting(
        "m", "points less than this above the plane belong to it", minimum=0.0, maximum=0.2
    )
    body_margin_m: float = setting(
        "m",
        "points this close to the capsules of the robot's links are its own body",
        minimum=0.0,
        maximum=0.2,
    )
    joints_gap_s: float = setting(
        "s",
        "a frame is left out where no joint state lies this close to its stamp: where is the body?",
        minimum=0.001,
        maximum=1.0,
    )
    unseen_thickness_m: float = setting(
        "m",
        "how far persons and unknown things may reach behind what is seen of them, along the line of sight",
        minimum=0.0,
        maximum=0.5,
    )
    part_m: float = setting(
        "m",
        "larger clusters are cut into parts of this radius, the first around what is nearest to the robot",
        minimum=0.05,
        maximum=2.0,
        default=0.15,
    )
    person_labels: tuple[str, ...] = setting(
        description="recognised classes that are a person or a part of one", default=("person", "hand")
    )
    object_score_min: float = setting(
        "1", "objects recognised with less confidence explain nothing", minimum=0.0, maximum=1.0
    )
    object_size_max_m: float = setting(
        "m", "larger recognised objects explain nothing", minimum=0.01, maximum=5.0
    )
    object_margin_m: float = setting(
        "m", "a recognised object explains points this far around its box", minimum=0.0, maximum=0.2
    )
    object_hold_s: float = setting(
        "s", "for this long a recognised object explains what is in its place", minimum=0.0, maximum=60.0
    )
    person_hold_s: float = setting(
        "s",
        "for this long a track stays a person after it was last recognised as one",
        minimum=0.0,
        maximum=60.0,
    )
    fixtures: tuple[str, ...] = setting(
        description="known surroundings, base frame, each name=x,y,z,x,y,z: lowest, highest corner, m",
        default=("",),
    )
    acceleration_mps2: float = setting(
        "m/s2",
        "standard deviation of the accelerations that tracks are expected to have",
        minimum=0.01,
        maximum=50.0,
    )
    speed_max_mps: float = setting(
        "m/s", "highest speed that a new track is expected to have", minimum=0.1, maximum=20.0
    )
    velocity_std_max_mps: float = setting(
        "m/s", "a velocity less certain than this is not known", minimum=0.01, maximum=10.0
    )
    keep_s: float = setting(
        "s", "a track that is not seen any more is kept for this long", minimum=0.0, maximum=10.0
    )
    hidden_keep_s: float = setting(
        "s", "a track that the robot's own body hides is kept for this long", minimum=0.0, maximum=60.0
    )
