"""What every folder shares: types, configuration, registry, errors; numpy and the standard library only."""
