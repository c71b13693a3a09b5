"""The networks of the detectors; everything here imports torch."""
