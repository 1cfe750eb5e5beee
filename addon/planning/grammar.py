"""Tagged phrases → sentences, by the LALR grammar in ``data/grammar.lark``. Built once; any thread."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from lark import Lark, Token, Tree, UnexpectedToken

from .lexicon import DATA
from .phrases import Member, NounPhrase, Post, Sentence
from .tagger import Tagged

__all__ = ["Parsed", "parse"]

Parsed = tuple[tuple[Sentence, ...], tuple[Tagged, ...]]
"""The sentences, and what fitted nowhere."""


@cache
def _parser() -> Lark:
    text = (DATA / "grammar.lark").read_text(encoding="utf-8")
    return Lark(text, parser="lalr", lexer="basic", maybe_placeholders=False)


def parse(tagged: Sequence[Tagged]) -> Parsed:
    """Parse any sequence of tags; a phrase that fits nowhere is left out and returned beside the sentences."""
    left_out: list[Tagged] = []
    parser = _parser().parse_interactive("")
    for position, item in enumerate(tagged):
        try:
            parser.feed_token(Token(item.tag, item.text, start_pos=position))
        except UnexpectedToken:
            left_out.append(item)
    tree = parser.feed_eof()  # type: ignore[no-untyped-call]
    sentences = tuple(_sentence(child, tagged) for child in _subtrees(tree, "sentence"))
    return sentences, tuple(left_out)


def _subtrees(tree: Any, *names: str) -> list[Tree[Token]]:
    return [child for child in tree.children if isinstance(child, Tree) and (not names or child.data in names)]


def _sentence(tree: Tree[Token], tagged: Sequence[Tagged]) -> Sentence:
    members: list[Member] = []
    joined = True
    for child in tree.children:
        if isinstance(child, Tree) and child.data == "member":
            members.append(replace(_member(child, tagged), joined=joined))
        joined = isinstance(child, Token)
    return Sentence(tuple(members))


def _member(tree: Tree[Token], tagged: Sequence[Tagged]) -> Member:
    phrase: NounPhrase | None = None
    pronoun = next((tagged[child.start_pos or 0] for child in tree.children if isinstance(child, Token)), None)
    posts: list[Post] = []
    for child in _subtrees(tree):
        if child.data == "np":
            phrase = _phrase(child, tagged)
        else:
            posts.append(_post(child, tagged))
    return Member(phrase, tuple(posts), pronoun)


def _phrase(tree: Tree[Token], tagged: Sequence[Tagged]) -> NounPhrase:
    modifiers: tuple[Tagged, ...] = ()
    nouns: tuple[Tagged, ...] = ()
    of: NounPhrase | None = None
    for child in _subtrees(tree, "mods", "head"):
        items = tuple(tagged[token.start_pos or 0] for token in child.children if isinstance(token, Token))
        if child.data == "mods":
            modifiers = items
        else:
            nouns = items
            inner = _subtrees(child, "np")
            of = _phrase(inner[0], tagged) if inner else None
    return NounPhrase(modifiers, nouns, of)


def _post(tree: Tree[Token], tagged: Sequence[Tagged]) -> Post:
    tokens = [tagged[token.start_pos or 0] for token in tree.children if isinstance(token, Token)]
    pronoun = next((token for token in tokens if token.tag == "PRON"), None)
    head = next((token for token in tokens if token.tag != "PRON"), None)
    phrases = tuple(_phrase(child, tagged) for child in _subtrees(tree, "np"))
    return Post(str(tree.data), head, phrases, pronoun)
