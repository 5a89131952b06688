"""What people can do from a terminal: one module for each command of `assigner`."""
