"""What operators do from a shell, one module a command. They may know every domain."""
