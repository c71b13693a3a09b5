"""What all networks of this package share: weights on disk, devices, training; imports torch as needed."""
