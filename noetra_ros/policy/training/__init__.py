"""Training of noetra_nano from demonstrations; imports torch."""
