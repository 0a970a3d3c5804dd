"""The versioned REST interface, /api/v1."""
