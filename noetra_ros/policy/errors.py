"""Run-time failure of a policy: it was asked something that its spec rules out, or cannot be reached."""

from __future__ import annotations

from noetra_ros.core.errors import NoetraError


class PolicyError(NoetraError):
    """An observation that the backend cannot answer; the policy node turns it into STATE_FAULT."""


class LinkError(PolicyError):
    """No valid answer from a model on another machine within the declared time; there is no chunk."""
