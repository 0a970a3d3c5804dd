"""What happened when: spans in lanes, as many of them as a screen can show."""
