"""Fuzzing of the safety core: random episodes, and an oracle that shares no code with safety/."""
