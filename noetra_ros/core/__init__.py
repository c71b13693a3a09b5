"""What every other folder shares: types, configuration, registry, geometry, errors (numpy and the standard library only)."""
