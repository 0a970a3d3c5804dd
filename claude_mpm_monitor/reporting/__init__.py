"""Answers put together from what is stored: for the REST interface and the command line alike."""
