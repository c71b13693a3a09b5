"""Simulated worlds, one file each; the profile names one under `sim.world`."""
