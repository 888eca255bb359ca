"""What is measured, a module each. Every one starts the servers it needs and ends them."""
