"""From action chunks to setpoints at control rate: smooth, spliced by stamp, within limits (no torch)."""
