"""What tests of different parts share: payloads, HTTP and Socket.IO clients, and patience."""
