"""Detectors, one file each: a new one is a new file with ``@DETECTORS.register("<file name>")``."""
