"""A made-up session for those who have none yet: written here, told in Claude Code's own words."""
