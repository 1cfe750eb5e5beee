"""Arithmetic in recipes: ``"leg * 2 + 0.1"``. A tiny parser, so that a recipe stays data and nothing is evaluated.

Grammar: sum = product (("+" | "-") product)*; product = unary (("*" | "/") unary)*; unary = "-" unary | atom;
atom = number | name | "min" "(" sum ("," sum)* ")" | "max" … | "(" sum ")". Any thread.
"""

import re
from collections.abc import Callable, Iterator, Mapping

__all__ = ["MAX_LENGTH", "evaluate", "names_in"]

MAX_LENGTH = 200
_MAX_DEPTH = 20
_TOKEN = re.compile(r"\s*(?:(\d+\.?\d*|\.\d+)|([a-z][a-z0-9_]*)|([-+*/(),]))")
_FUNCTIONS: dict[str, Callable[..., float]] = {"min": min, "max": max}


def evaluate(text: str, values: Mapping[str, float]) -> float:
    """The value of ``text``; ``ValueError`` says what is wrong with it, unknown names included."""
    return _Parser(text, values).run()


def names_in(text: str) -> set[str]:
    """The parameters that ``text`` refers to; ``ValueError`` where it is no arithmetic."""
    names = {match for _, match, _ in _tokens(text) if match} - set(_FUNCTIONS)
    # Any value does to find out whether it parses; 1 divides nothing by zero that 0 would.
    _Parser(text, dict.fromkeys(names, 1.0), check_only=True).run()
    return names


def _tokens(text: str) -> Iterator[tuple[str, str, str]]:
    if len(text) > MAX_LENGTH:
        raise ValueError(f"an expression has at most {MAX_LENGTH} characters")
    position = 0
    stripped = text.rstrip()
    while position < len(stripped):
        match = _TOKEN.match(stripped, position)
        if match is None:
            raise ValueError(f"{text!r}: cannot read {stripped[position : position + 8]!r}")
        position = match.end()
        yield match.group(1) or "", match.group(2) or "", match.group(3) or ""


class _Parser:
    """Recursive descent over the tokens; values come out as it goes."""

    def __init__(self, text: str, values: Mapping[str, float], *, check_only: bool = False) -> None:
        self.text = text
        self.values = values
        self.check_only = check_only
        self.tokens = list(_tokens(text))
        self.position = 0
        self.depth = 0

    def run(self) -> float:
        value = self._sum()
        if self.position < len(self.tokens):
            raise ValueError(f"{self.text!r}: something is left over after the expression")
        return value

    def _sign(self) -> str:
        return self.tokens[self.position][2] if self.position < len(self.tokens) else ""

    def _take(self, sign: str) -> None:
        if self._sign() != sign:
            raise ValueError(f"{self.text!r}: {sign!r} is missing")
        self.position += 1

    def _sum(self) -> float:
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            raise ValueError(f"{self.text[:40]!r}: nested too deeply")
        value = self._product()
        while (sign := self._sign()) in {"+", "-"}:
            self.position += 1
            right = self._product()
            value = value + right if sign == "+" else value - right
        self.depth -= 1
        return value

    def _product(self) -> float:
        value = self._unary()
        while (sign := self._sign()) in {"*", "/"}:
            self.position += 1
            right = self._unary()
            if sign == "*":
                value *= right
            elif right != 0:
                value /= right
            elif not self.check_only:
                raise ValueError(f"{self.text!r}: division by zero")
        return value

    def _unary(self) -> float:
        negative = False
        while self._sign() == "-":
            self.position += 1
            negative = not negative
        value = self._atom()
        return -value if negative else value

    def _atom(self) -> float:
        if self.position >= len(self.tokens):
            raise ValueError(f"{self.text!r}: ends too early")
        number, name, sign = self.tokens[self.position]
        self.position += 1
        if number:
            return float(number)
        if name in _FUNCTIONS:
            return self._call(_FUNCTIONS[name])
        if name:
            if name not in self.values:
                known = ", ".join(sorted(self.values)) or "none"
                raise ValueError(f"{self.text!r}: no parameter {name!r}; known: {known}")
            return self.values[name]
        if sign != "(":
            raise ValueError(f"{self.text!r}: a number, a parameter or '(' is expected instead of {sign!r}")
        value = self._sum()
        self._take(")")
        return value

    def _call(self, function: Callable[..., float]) -> float:
        self._take("(")
        values = [self._sum()]
        while self._sign() == ",":
            self.position += 1
            values.append(self._sum())
        self._take(")")
        return function(values)
