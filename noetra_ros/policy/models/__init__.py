"""Networks in torch; imported only by a backend's `load()` and by training."""
