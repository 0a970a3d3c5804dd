"""From deliveries to events: one decoder a dialect, and the identity of a fact."""
