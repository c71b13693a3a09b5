"""Pages of docs/reference that are generated: commands, messages, robot profiles, sectors, parts."""
