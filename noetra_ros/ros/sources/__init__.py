"""One file for each modality of a policy: which topics it is read from."""
