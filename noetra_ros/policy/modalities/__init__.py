"""One file for each modality: which parts of an observation a spec asks for, and where they go."""
