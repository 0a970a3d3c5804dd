"""Export: a recorded session in formats that other programs read."""
