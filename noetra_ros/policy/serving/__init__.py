"""A policy offered to robots over the network: wire format, server, link, and the engines that compute."""
