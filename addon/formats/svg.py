"""SVG → coloured outlines; refuses everything that is more than a drawing. Any thread.

Hostile by default: no entities, scripts, foreign objects or references that lead out of the file; bounded elements,
depth, and points. Text must be outlines already, because which font it means is not in the file.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from .problem import FileProblem
from .svg_path import Point
from .svg_rule import is_a_line, ruled
from .svg_shape import IDENTITY, SHAPES, Matrix, applied, lines_of, number, times, transform
from .svg_stroke import stroked
from .svg_style import INHERITED, Sheet, color, declarations, is_harmless, sheet

__all__ = ["Patch", "is_svg", "read_svg"]

_ELEMENTS_MAX, _DEPTH_MAX, _POINTS_MAX, _PATCHES_MAX = 5_000, 60, 60_000, 400
_REFUSED = {
    "script": "has a script in it",
    "foreignobject": "has a foreign object in it",
    "image": "has a picture in it: send that as an image",
    "text": "has text in it: convert it to paths",
    "iframe": "has a page in it",
}
_HIDDEN = frozenset({"defs", "clipPath", "mask", "symbol", "marker", "pattern", "linearGradient", "radialGradient"})


@dataclass(frozen=True)
class Patch:
    """One painted shape: closed outlines, y downwards, those within others being holes."""

    color: str
    outlines: tuple[tuple[Point, ...], ...]


@dataclass
class _Element:
    tag: str
    given: dict[str, str]
    children: list["_Element"] = field(default_factory=list)
    text: str = ""


def is_svg(data: bytes) -> bool:
    """Whether the content looks like one."""
    head = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    return head.startswith(b"<") and b"<svg" in data[:65536]


def read_svg(data: bytes) -> list[Patch]:
    """What it paints, back to front. Raises ``FileProblem``."""
    root = _parsed(data)
    if root.tag != "svg":
        raise FileProblem("is XML, but not an SVG")
    drawing = _Drawing(root)
    patches = list(drawing.painted(root, IDENTITY, {"fill": "black", "stroke": "none", "color": "#000000"}, 0))
    if not patches:
        raise FileProblem("paints nothing: it has no filled or stroked shapes")
    return patches


def _parsed(data: bytes) -> _Element:
    top = _Element("", {})
    open_now = [top]
    count = 0

    def begin(name: str, given: dict[str, str]) -> None:
        nonlocal count
        count += 1
        tag = name.rpartition(":")[2]
        _check(tag, given)
        if count > _ELEMENTS_MAX or len(open_now) > _DEPTH_MAX:
            raise FileProblem(f"has more than {_ELEMENTS_MAX} elements, or nests them more than {_DEPTH_MAX} deep")
        element = _Element(tag, {key.rpartition(":")[2]: value for key, value in given.items()})
        open_now[-1].children.append(element)
        open_now.append(element)

    def end(_: str) -> None:
        open_now.pop()

    def text(piece: str) -> None:
        if open_now[-1].tag == "style":
            open_now[-1].text += piece

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = begin, end, text
    parser.StartDoctypeDeclHandler = _doctype
    parser.EntityDeclHandler = _no_entities
    parser.ProcessingInstructionHandler = _instruction
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise FileProblem(f"is not well-formed XML (line {error.lineno})") from None
    return top.children[0]


def _doctype(_name: str, _system: str | None, _public: str | None, has_internal_subset: bool) -> None:
    if has_internal_subset:
        raise FileProblem("declares a document type of its own: save it as plain SVG")


def _no_entities(*_: object) -> None:
    raise FileProblem("declares entities: save it as plain SVG")


def _instruction(target: str, _: str) -> None:
    if target.lower() == "xml-stylesheet":
        raise FileProblem("leads to a style sheet outside of the file")


def _check(tag: str, given: Mapping[str, str]) -> None:
    if tag.lower() in _REFUSED:
        raise FileProblem(_REFUSED[tag.lower()])
    for name, value in given.items():
        local = name.rpartition(":")[2].lower()
        if local.startswith("on"):
            raise FileProblem("has a script in it")
        # A link around a shape is only a place to go to; nothing is loaded for it.
        leads = tag != "a" and local in ("href", "src") and not value.strip().startswith("#")
        if leads or not is_harmless(value):
            raise FileProblem("leads to something outside of the file")


class _Drawing:
    def __init__(self, root: _Element) -> None:
        self._named: dict[str, _Element] = {}
        self._sheet: Sheet = {}
        self._seen = 0
        self._points = 0
        self._patches = 0
        styles = []
        waiting = [root]
        while waiting:
            element = waiting.pop()
            if "id" in element.given:
                self._named[element.given["id"]] = element
            if element.tag == "style":
                styles.append(element.text)
            waiting.extend(element.children)
        if not all(map(is_harmless, styles)):
            raise FileProblem("leads to something outside of the file")
        self._sheet = sheet("\n".join(reversed(styles)))
        self._gradients = dict(self._mean_colors())

    def _mean_colors(self) -> Iterator[tuple[str, str]]:
        """A gradient's mean colour, its own stops or those of the one that it refers to."""
        for name, element in self._named.items():
            if element.tag not in ("linearGradient", "radialGradient"):
                continue
            source: _Element | None = element
            for _ in range(8):
                if source is None or any(child.tag == "stop" for child in source.children):
                    break
                source = self._named.get(source.given.get("href", "").removeprefix("#"))
            stops = [child for child in source.children if child.tag == "stop"] if source else []
            found = [color(self._style(stop, {}).get("stop-color", "black"), "#000000", {}) for stop in stops]
            shades = [shade for shade in found if shade]
            if shades:
                channels = [sum(int(shade[at : at + 2], 16) for shade in shades) // len(shades) for at in (1, 3, 5)]
                yield name, "#{:02x}{:02x}{:02x}".format(*channels)

    def _style(self, element: _Element, above: Mapping[str, str]) -> dict[str, str]:
        """Presentation attributes, then rules, then ``style``; what is not set comes from above."""
        style = {name: above[name] for name in INHERITED if name in above}
        style.update(element.given)
        selectors = [element.tag, *(f".{name}" for name in element.given.get("class", "").split())]
        for selector in (*selectors, f"#{element.given.get('id', '')}"):
            style.update(self._sheet.get(selector, {}))
        style.update(declarations(element.given.get("style", "")))
        return {name: above.get(name, value) if value == "inherit" else value for name, value in style.items()}

    def painted(self, element: _Element, matrix: Matrix, above: Mapping[str, str], depth: int) -> Iterator[Patch]:
        """The patches of an element and what is in it."""
        self._seen += 1
        if self._seen > _ELEMENTS_MAX or depth > _DEPTH_MAX:
            raise FileProblem("repeats its parts more often, or nests them deeper, than is taken")
        style = self._style(element, above)
        if style.get("display") == "none" or element.given.get("opacity", "1").strip() in ("0", "0.0", "0%"):
            return
        matrix = times(matrix, transform(element.given.get("transform")))
        if element.tag in SHAPES:
            yield from self._shape(element, matrix, style)
        elif element.tag == "use":
            target = self._named.get(element.given.get("href", "").removeprefix("#"))
            if target is not None:
                moved = times(matrix, (1, 0, 0, 1, number(element.given.get("x")), number(element.given.get("y"))))
                inner = target.children if target.tag == "symbol" else [target]
                yield from self._all(inner, moved, style, depth)
        else:
            yield from self._all(element.children, matrix, style, depth)

    def _all(
        self, elements: Iterable[_Element], matrix: Matrix, style: Mapping[str, str], depth: int
    ) -> Iterator[Patch]:
        for element in elements:
            if element.tag not in _HIDDEN:
                yield from self.painted(element, matrix, style, depth + 1)

    def _shape(self, element: _Element, matrix: Matrix, style: Mapping[str, str]) -> Iterator[Patch]:
        if style.get("visibility") in ("hidden", "collapse"):
            return
        lines = [applied(matrix, line) for line in lines_of(element.tag, element.given)]
        current = color(style.get("color", "#000000"), "#000000", {}) or "#000000"
        fill = self._paint(style, "fill", current)
        if fill is not None and element.tag != "line":
            yield from self._patch(fill, ruled([points for points, _ in lines], style.get("fill-rule", "nonzero")))
        stroke = self._paint(style, "stroke", current)
        if stroke is not None:
            scale = abs(matrix[0] * matrix[3] - matrix[1] * matrix[2]) ** 0.5
            width = number(style.get("stroke-width"), 1.0) * scale
            for line in lines if width > 0 else ():
                yield from self._patch(stroke, stroked(line, width))

    def _paint(self, style: Mapping[str, str], kind: str, current: str) -> str | None:
        if style.get(f"{kind}-opacity", "1").strip() in ("0", "0.0", "0%"):
            return None
        return color(style.get(kind, "none"), current, self._gradients)

    def _patch(self, paint: str, outlines: list[list[Point]]) -> Iterator[Patch]:
        kept = tuple(tuple(outline) for outline in outlines if len(outline) > 2 and not is_a_line(outline))
        self._points += sum(map(len, kept))
        self._patches += 1
        if self._points > _POINTS_MAX or self._patches > _PATCHES_MAX:
            raise FileProblem(f"paints more than {_PATCHES_MAX} shapes or {_POINTS_MAX} points: simplify it")
        if kept:
            yield Patch(paint, kept)
