"""What the RFCs know: bytes to values and back, no sockets."""
