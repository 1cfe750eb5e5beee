"""What the grammar finds: phrases as values. Pure, any thread."""

from dataclasses import dataclass

from .tagger import Tagged

__all__ = ["Member", "NounPhrase", "Post", "Sentence"]


@dataclass(frozen=True)
class NounPhrase:
    """Words about one kind of thing: "two small red apples", or only "red" where the noun is left out."""

    modifiers: tuple[Tagged, ...] = ()
    nouns: tuple[Tagged, ...] = ()
    of: "NounPhrase | None" = None

    @property
    def text(self) -> str:
        """The phrase as the prompt has it, near enough for people."""
        words = " ".join(item.text for item in (*self.modifiers, *self.nouns))
        return f"{words} of {self.of.text}" if self.of else words


@dataclass(frozen=True)
class Post:
    """What follows a noun phrase: ``kind`` is relation, with, without, verb, predicate, made, comparison, setting.

    ``fronted``: the prompt says it before its noun.
    """

    kind: str
    head: Tagged | None = None
    phrases: tuple[NounPhrase, ...] = ()
    pronoun: Tagged | None = None
    fronted: bool = False


@dataclass(frozen=True)
class Member:
    """One of a list: a noun phrase or a pronoun and what is said of it; neither where only a place is named.

    ``joined``: a comma or "and" stands before it, or nothing does.
    """

    phrase: NounPhrase | None
    posts: tuple[Post, ...] = ()
    pronoun: Tagged | None = None
    joined: bool = True


@dataclass(frozen=True)
class Sentence:
    """The members of one sentence, in order."""

    members: tuple[Member, ...] = ()
