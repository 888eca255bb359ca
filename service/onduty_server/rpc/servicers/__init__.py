"""One servicer a service of the contract."""
