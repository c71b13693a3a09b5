"""The `noetra` command: one file for each sub-command (main.py says how)."""
