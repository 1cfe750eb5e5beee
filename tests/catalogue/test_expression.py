"""Arithmetic in recipes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addon.models.expression import evaluate, names_in


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("-leg / 2", -0.25),
        ("--2", 2),
        ("1 - 2 - 3", -4),
        ("8 / 2 / 2", 2),
        ("max(leg, 0.1, 2) - min(1, leg)", 1.5),
        (".5*leg", 0.25),
    ],
)
def test_it_computes(text: str, value: float) -> None:
    assert evaluate(text, {"leg": 0.5}) == pytest.approx(value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("arm + 1", "no parameter 'arm'; known: leg"),
        ("1 / (leg - 0.5)", "division by zero"),
        ("1 +", "ends too early"),
        ("(1", r"'\)' is missing"),
        ("1 2", "left over"),
        ("__import__('os')", "cannot read"),
        ("leg ** 2", "expected instead of"),
        ("x" * 300, "at most 200"),
        ("(" * 60 + "1" + ")" * 60, "too deeply"),
    ],
)
def test_what_is_wrong_is_said(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        evaluate(text, {"leg": 0.5})


def test_names_are_found_without_values() -> None:
    assert names_in("min(a, b) / (a - c)") == {"a", "b", "c"}


@given(st.text(max_size=60))
def test_any_text_is_a_number_or_a_value_error(text: str) -> None:
    try:
        result = evaluate(text, {"a": 1.0})
    except ValueError:
        return
    assert isinstance(result, float)
