"""`mpm-monitor doctor`: one module a check, each saying in plain words what it found."""
