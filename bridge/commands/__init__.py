"""The commands of the command line, one module for each reason to have them. On the main thread."""
