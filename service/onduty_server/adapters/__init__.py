"""What fulfils the ports: storage, encoding, the clock. No adapter imports another's room."""
