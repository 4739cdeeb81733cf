"""What the command line can do, one module a command, imported only when it is asked for."""
