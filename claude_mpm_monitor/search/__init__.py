"""Search: the query language, and the text of events that it looks in. No I/O."""
