"""Training of noetra_scene from rendered scenes; imports torch."""
