"""The built-in analyzer: sessions, turns, agents, tool calls and files out of the event log."""
