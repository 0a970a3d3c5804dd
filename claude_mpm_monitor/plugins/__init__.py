"""Plugins: found one by one, asked one by one, and each under a guard of its own."""
