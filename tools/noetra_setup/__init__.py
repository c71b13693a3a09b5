"""Set-up of the development environment, in the standard library alone: it runs on a fresh machine."""
