"""What `mpm-monitor plugins new` writes."""
