"""What is wrong with a file, as a person is told. Values only, any thread."""

__all__ = ["FileProblem"]


class FileProblem(ValueError):
    """``str(error)`` goes on after the file's name: "has no end", "is larger than …"."""
