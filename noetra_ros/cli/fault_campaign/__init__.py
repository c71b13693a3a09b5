"""The fault campaign on a running graph: relays that falsify inputs, faults of nodes, trials, reports."""
