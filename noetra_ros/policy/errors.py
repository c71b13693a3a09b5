"""Run-time failure of a policy: it was asked something that its spec rules out."""

from __future__ import annotations

from noetra_ros.core.errors import NoetraError


class PolicyError(NoetraError):
    """An observation that the backend cannot answer; the policy node turns it into STATE_FAULT."""
