"""The noetra family: one network from nano to base, its size a YAML file in config/models; imports torch."""
