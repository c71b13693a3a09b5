"""The protocol of openpi's policy servers: how their messages are written, and what they leave unsaid."""
