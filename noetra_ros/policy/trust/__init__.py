"""How far a policy is to be trusted now: a number with each chunk, bounded false alarms; numpy only."""
