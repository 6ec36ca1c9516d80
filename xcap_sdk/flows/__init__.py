"""The conversations with a server, as generators: everything that decides, and no I/O."""
