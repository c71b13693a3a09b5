"""What can be wrong with a sensor: one file for each finding. A new one is a new file here, and its name in
the parameter `findings`.
"""
