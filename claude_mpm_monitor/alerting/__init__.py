"""Alerting: what somebody should know, found in documents and delivered by sinks."""
