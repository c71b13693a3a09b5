"""The audit log: what the supervisor did, written so that every later change shows."""
