"""The way of a delivery: intake, writer, log, consumer."""
