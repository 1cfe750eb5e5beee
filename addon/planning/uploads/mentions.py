"""Which words of a prompt mean a file, and what they say of it. Pure, any thread; ``docs/files.md`` tells the rules.

Files get nouns of their own (``upload1``) in the text that the planner reads, so that its whole grammar holds for them.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ...models.uploads import ROLES, Upload, UploadKind, UploadRole

__all__ = ["Mention", "Referred", "refer"]

_KIND_WORDS = {
    UploadKind.LOGO: ("logo", "emblem", "symbol", "icon", "badge", "svg"),
    UploadKind.PICTURE: ("picture", "image", "photograph", "photo", "painting", "artwork", "poster"),
    UploadKind.MODEL: ("3d model", "model", "mesh", "scan", "object"),
}
_DECAL_WORDS = ("decal", "sticker", "label")
_ANY_WORDS = ("upload", "file", "attachment")
_EMPTY_STEMS = frozenset({"untitled", "unnamed", "download", "img", "dsc", "the", "and", "for", "with", "scene", "out"})
_PRONOUN = re.compile(r"^\W*(?:please\s+)?(?:(?:put|place|show|set|render|hang|stand|use|make)\s+)?(it|this)\b", re.I)
_ARTICLE = r"(?:(?:the|a|an|my|our|your|its|his|her)\s+)?"
_AFTER: tuple[tuple[UploadRole, bool, str], ...] = (
    (UploadRole.BACKDROP, False, rf"\s+(?:as|for|in|on|is)\s+{_ARTICLE}(?:background|backdrop)\b"),
    (UploadRole.DECAL, False, rf"\s+(?:as|like)\s+{_ARTICLE}(?:decal|sticker|label|print)\b"),
    (UploadRole.DECAL, False, r"\s+(?:is\s+)?(?:printed|stuck|painted|glued|pasted)(?=\s+(?:on|onto|to)\b)"),
    (UploadRole.FRAME, True, rf"\s+(?:(?:is\s+)?(?:hanging|hung|mounted|hangs)\s+)?on\s+{_ARTICLE}(?:\w+\s+)?wall\b"),
    (UploadRole.FRAME, False, r"\s+in\s+(?:a|an|the|its)\s+(?P<frame>(?:\w+\s+){0,2})frame\b"),
)
"""What follows a file's noun: its role, whether it hangs, and the words, which are then left out."""
_BACKDROP_BEFORE = re.compile(
    rf"\b{_ARTICLE}(?:background|backdrop)\s+(?:is|shows|of|from)\s+(?={_ARTICLE}(upload\d)\b)", re.I
)


@dataclass
class Mention:
    """What the prompt says of one file. ``said`` is its word; ``hung``: on a wall."""

    noun: str
    said: str
    mentioned: bool = False
    role: UploadRole | None = None
    hung: bool = False


@dataclass
class Referred:
    """The text for the planner, and a mention for each file, in the files' order."""

    text: str
    mentions: list[Mention] = field(default_factory=list)


def refer(prompt: str, uploads: Sequence[Upload]) -> Referred:
    """Find the files in a prompt. What is not mentioned is added at the end, as a thing of its own."""
    found = Referred(prompt)
    for number, upload in enumerate(uploads, 1):
        found.mentions.append(Mention(f"upload{number}", _stem(upload) or _KIND_WORDS[upload.kind][0]))
    pairs = list(zip(uploads, found.mentions, strict=True))
    for upload, mention in pairs:
        _name(found, mention, _stem_pattern(upload))
    for kind in UploadKind:
        _name_all(found, kind, [mention for upload, mention in pairs if upload.kind is kind and not mention.mentioned])
    for upload, mention in pairs:
        for words in (_KIND_WORDS[upload.kind], _ANY_WORDS, _DECAL_WORDS):
            if not mention.mentioned and (words != _DECAL_WORDS or upload.kind is UploadKind.PICTURE):
                _name(found, mention, _word_pattern(words))
    if pairs and not any(mention.mentioned for _, mention in pairs):
        _name(found, pairs[0][1], None)
    for upload, mention in pairs:
        _read_role(found.text, upload, mention)
    for upload, mention in pairs:
        _leave_out_role(found, upload, mention)
    further = [mention.noun for mention in found.mentions if not mention.mentioned]
    if further:
        found.text = f"{found.text.rstrip(' .,;:')}. {'. '.join(f'The {noun}' for noun in further)}"
    return found


def _name(found: Referred, mention: Mention, pattern: re.Pattern[str] | None) -> None:
    """Put the file's noun where the words of ``pattern`` (or a leading "it") are."""
    if pattern is None:
        first = _PRONOUN.search(found.text)
        if first is not None:
            found.text = f"{found.text[: first.start(1)]}the {mention.noun}{found.text[first.end(1) :]}"
            mention.mentioned = True
        return
    first = pattern.search(found.text)
    if first is None:
        return
    mention.mentioned, mention.said = True, " ".join(first["word"].lower().split())
    if mention.said in _DECAL_WORDS:
        mention.role = UploadRole.DECAL
    found.text = pattern.sub(mention.noun, found.text)


def _name_all(found: Referred, kind: UploadKind, mentions: Sequence[Mention]) -> None:
    """ "my photos" are all of them."""
    several = re.compile(rf"\b(?P<word>{'|'.join(_KIND_WORDS[kind])})s\b(?!\s+of\b)", re.I)
    first = several.search(found.text)
    if first is None or not mentions:
        return
    nouns = " and ".join(mention.noun for mention in mentions)
    found.text = f"{found.text[: first.start()]}{nouns}{found.text[first.end() :]}"
    for mention in mentions:
        mention.mentioned, mention.said = True, first["word"].lower()


def _read_role(text: str, upload: Upload, mention: Mention) -> None:
    """What follows the noun, or the list of files that it is in: "the logo and the photo on the wall"."""
    others = rf"(?:\s*(?:,|,?\s*and)\s+{_ARTICLE}upload\d\b)*"
    for role, hung, words in _AFTER:
        if role in ROLES[upload.kind] and re.search(rf"\b{mention.noun}\b{others}{words}", text, re.I):
            mention.role = mention.role or role
            mention.hung = mention.hung or hung


def _leave_out_role(found: Referred, upload: Upload, mention: Mention) -> None:
    """The planner need not read what has been read."""
    noun = mention.noun
    for role, _, words in _AFTER:
        match = re.search(rf"\b(?:framed\s+)?{noun}\b{words}", found.text, re.I)
        if match is not None and role in ROLES[upload.kind]:
            look = match.groupdict().get("frame") or ""
            found.text = f"{found.text[: match.start()]}{look}{noun}{found.text[match.end() :]}"
    before = _BACKDROP_BEFORE.search(found.text)
    if before is not None and before[1] == noun and UploadRole.BACKDROP in ROLES[upload.kind]:
        mention.role = UploadRole.BACKDROP
        found.text = f"{found.text[: before.start()]}{found.text[before.end() :]}"
    if upload.kind is UploadKind.PICTURE:
        found.text = re.sub(rf"\bframed\s+(?={noun}\b)", "", found.text, flags=re.I)
    mention.role = upload.role or mention.role or ROLES[upload.kind][0]


def _stem(upload: Upload) -> str:
    """The file's name as words; "" where it says nothing."""
    stem = upload.name.rpartition(".")[0] or upload.name
    stem = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", stem)
    words = [word for word in re.split(r"[^A-Za-z]+", stem.lower()) if word]
    return " ".join(words) if any(len(word) > 2 and word not in _EMPTY_STEMS for word in words) else ""


def _stem_pattern(upload: Upload) -> re.Pattern[str]:
    stem = r"[\s_-]+".join(map(re.escape, _stem(upload).split())) or r"(?!)"
    name = re.escape(upload.name) if len(upload.name) > 2 else r"(?!)"
    return re.compile(rf"(?<!\w)(?P<word>{name}|{stem})(?!\w)", re.I)


def _word_pattern(words: Sequence[str]) -> re.Pattern[str]:
    # "a picture of a dog" is a way to ask for a dog.
    said = rf"\b(?:(?:uploaded|attached|given)\s+)?(?P<word>{'|'.join(words)})\b"
    return re.compile(rf"{said}(?!\s+(?:of|for|with the text)\b)", re.I)
