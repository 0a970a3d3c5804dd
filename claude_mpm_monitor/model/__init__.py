"""The types that cross borders inside the monitor and towards plugins. No input or output here."""
