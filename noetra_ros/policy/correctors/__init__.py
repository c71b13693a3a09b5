"""Correctors, one file each: see `noetra_ros.policy.correction.corrector`."""
