"""The order of words: sentences that begin with a place, lists that share what their last member says. Pure."""

from collections.abc import Sequence
from dataclasses import replace

from .phrases import Member, NounPhrase, Post, Sentence
from .special import Tagged

__all__ = ["leads", "shared_post", "told_back", "upright"]

_PLACES = frozenset({"on", "inside", "under", "below", "above", "next_to", "near", "in_front_of", "behind"})


def upright(sentence: Sentence) -> Sentence:
    """ "Behind the table is a chair", "under the table lies a dog", "on the table a cup": the subject first."""
    if not sentence.members or sentence.members[0].phrase is not None or sentence.members[0].pronoun is not None:
        return sentence
    first, *rest = sentence.members
    opening = first.posts[0] if first.posts else None
    placed = opening is not None and opening.kind == "relation" and bool(opening.phrases or opening.pronoun)
    if not placed and (opening is None or opening.kind != "verb"):
        return sentence
    for position, post in enumerate(first.posts[1:], start=1):
        if post.kind in ("predicate", "verb") and post.phrases and post.phrases[0].nouns:
            alone = Post(post.kind, post.head)
            kept = (alone,) if post.kind == "verb" else ()
            posts = (*_fronted(first.posts[:position]), *kept, *first.posts[position + 1 :])
            return Sentence((Member(post.phrases[0], posts), *rest))
    if placed and rest and rest[0].phrase is not None:
        return Sentence((Member(rest[0].phrase, (*_fronted(first.posts), *rest[0].posts)), *rest[1:]))
    return sentence


def _fronted(posts: Sequence[Post]) -> tuple[Post, ...]:
    return tuple(replace(post, fronted=True) for post in posts)


def leads(member: Member) -> bool:
    """Whether a member only says where in the picture something is."""
    return (
        member.phrase is None
        and member.pronoun is None
        and all(post.head is not None and post.head.tag == "POSITION" for post in member.posts)
    )


def told_back(sentence: Sentence) -> Sentence:
    """ "A table, on it a cup and a book": "a table, a cup on the table and a book on the table"."""
    members: list[Member] = []
    place: Post | None = None
    opened = False
    for position, member in enumerate(sentence.members):
        ahead = sentence.members[position + 1 : position + 2]
        leads_on = bool(ahead) and ahead[0].phrase is not None and not ahead[0].joined
        named = members[-1].phrase if members else None
        if leads_on and named is not None and named.nouns and _is_by_pronoun(member):
            the = NounPhrase((Tagged("DET", "the"),), named.nouns)
            place = replace(member.posts[0], phrases=(the,), pronoun=None)
            opened = True
            continue
        is_first, opened = opened, False
        if place is not None and any(post.kind in ("predicate", "verb") for post in member.posts):
            # "…, and a chair stands beside it" is no part of the list, unless it is all of it.
            members.append(replace(member, posts=(place, *member.posts)) if is_first else member)
            place = None
        elif place is not None and member.phrase is not None:
            members.append(replace(member, posts=(*member.posts, place)))
        else:
            members.append(member)
    return Sentence(tuple(members))


def _is_by_pronoun(member: Member) -> bool:
    """Whether a member only says by a pronoun where something is: "on it"."""
    if member.phrase is not None or member.pronoun is not None or len(member.posts) != 1:
        return False
    (post,) = member.posts
    return post.kind == "relation" and post.pronoun is not None and post.head is not None and post.head.value in _PLACES


def shared_post(members: Sequence[Member]) -> Post | None:
    """ "(a desk with) a lamp, a book and a cup on it": what the list's last member says of all of them."""
    for member in members:
        if member.phrase is None or not member.phrase.nouns:
            return None
        if member.posts:
            post = member.posts[0]
            alone = post.kind == "relation" and post.pronoun is not None and len(member.posts) == 1
            return post if alone and post.head is not None and post.head.value in ("on", "inside", "under") else None
    return None
