"""The policy side: backend protocol, backends, preflight match, the small network and its training."""
