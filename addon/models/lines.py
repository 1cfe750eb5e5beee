"""Words set in lines, so that they fill a wide or a tall room. Pure; any thread."""

__all__ = ["PICTURE", "in_lines"]

PICTURE = 1.78
"""Width over height of a picture."""
_LETTER_WIDTH = 0.8
_PITCH = 1.4


def in_lines(text: str, aspect: float = PICTURE) -> list[str]:
    """The text's own lines, or one line broken between words so that letters come out large.

    ``aspect`` is width over height of the room that the lines are to fill.
    """
    own, words = text.splitlines(), text.split()
    if len(own) > 1 or len(words) < 2:
        return own or [text]
    return min(
        (_broken(words, count) for count in range(1, min(5, len(words)) + 1)),
        key=lambda lines: _height_needed(lines, aspect),
    )


def _broken(words: list[str], count: int) -> list[str]:
    """Words in at most ``count`` lines of about the same length."""
    whole = len(" ".join(words))
    lines, used = [words[0]], len(words[0])
    for word in words[1:]:
        # A word goes where more than half of it belongs.
        if used + len(word) / 2 > whole * len(lines) / count:
            lines.append(word)
        else:
            lines[-1] += f" {word}"
        used += len(word) + 1
    return lines


def _height_needed(lines: list[str], aspect: float) -> float:
    """The height of a room that lines fill, in heights of a capital."""
    return max(_LETTER_WIDTH * max(len(line) for line in lines) / aspect, _PITCH * len(lines) - (_PITCH - 1))
