"""Words about the whole picture → environment, light, style, camera of a draft. Pure, any thread."""

from typing import Any

from ..models.plan import (
    AnimationTrack,
    EnvironmentKind,
    Scenery,
    Shot,
    Style,
    TimeOfDay,
    ViewAngle,
    Weather,
)
from .attributes import paints_of
from .draft import Draft
from .lexicon import Lexicon
from .phrases import NounPhrase
from .tagger import Tagged

__all__ = [
    "SURFACES",
    "WINDOW",
    "apply_material",
    "apply_place",
    "apply_setting",
    "apply_surface",
    "enter",
    "is_landscape",
    "look_of_place",
    "makes_beach",
]


WINDOW = "window"
"""What a room has of its own, where a prompt speaks of it."""
_LENSES_MM = {"fisheye": 16.0, "telephoto": 135.0, "wide_lens": 24.0, "portrait_lens": 85.0}


def apply_setting(draft: Draft, tag: str, value: Any, text: str) -> None:
    """One phrase such as "at night", "low poly", "from above"; ``value`` is the lexicon's."""
    if tag == "PLACE" and "window" in value:
        draft.show_around(WINDOW)
        if draft.environment.kind is EnvironmentKind.STUDIO:
            draft.surround(kind=EnvironmentKind.INDOOR)
    elif tag == "PLACE":
        enter(draft, value)
        if "tells" in value:
            draft.note(text, value["tells"])
    elif tag == "TIME":
        draft.surround(time=TimeOfDay(value))
        if draft.environment.kind is EnvironmentKind.STUDIO:
            draft.surround(kind=EnvironmentKind.OUTDOOR)
    elif tag == "MOOD":
        draft.surround(mood=value)
        if value == "foggy" and draft.environment.kind is EnvironmentKind.STUDIO:
            draft.surround(kind=EnvironmentKind.OUTDOOR)
    elif tag == "WEATHER":
        _be_weather(draft, value, text)
    elif tag == "STYLE":
        draft.style = Style(value)
    else:
        _apply_camera(draft, value, text)


_WEATHERS = frozenset(Weather)


def _be_weather(draft: Draft, value: dict[str, Any], text: str) -> None:
    """ "Rainy", "under a stormy sky": it is out of doors where nothing else is said, and where stays open."""
    if value["weather"] in _WEATHERS:
        draft.surround(weather=Weather(value["weather"]))
    if text.lower().rpartition(" ")[2] in _SKIES:
        draft.show_around("sky")
    if draft.environment.kind is EnvironmentKind.STUDIO:
        draft.surround(kind=EnvironmentKind.OUTDOOR)
    if "mood" in value:
        draft.surround(mood=value["mood"])
    if "tells" in value:
        draft.note(text, value["tells"])


def _apply_camera(draft: Draft, value: tuple[str, str], text: str) -> None:
    table, name = value
    if table == "shots":
        draft.see(shot=Shot(name))
    elif table == "angles":
        draft.see(angle=ViewAngle(name))
    elif table == "animations":
        if all(track.kind != name for track in draft.animation):
            draft.animation.append(AnimationTrack.model_validate({"kind": name, "seconds": 4.0}))
    elif table == "lens":
        draft.see(lens_mm=float(name))
    elif name == "isometric":
        draft.see(orthographic=True, angle=ViewAngle.HIGH)
    elif name == "orthographic":
        draft.see(orthographic=True)
    elif name == "depth_of_field":
        draft.see(depth_of_field=True)
    else:
        draft.see(lens_mm=_LENSES_MM[name])
        if name == "fisheye":
            draft.note(text, "The lens is a very wide one, without a fisheye's bending.", "wide lens")


_AROUND_WATER = frozenset({Scenery.MOUNTAINS, Scenery.FOREST, Scenery.CITY})
"""What is behind the water where a prompt names both: "a lake in the mountains", "a forest with a river"."""


def enter(draft: Draft, place: dict[str, Any]) -> None:
    """Be at a place of the lexicon. What is found there is kept from the first place that the prompt names."""
    draft.open_water = bool(place.get("open")) and draft.environment.kind is not EnvironmentKind.UNDERWATER
    kept = draft.environment.scenery if draft.place_named else None
    on_water = draft.place_named and draft.ground.material == "water"
    draft.place_named = True
    draft.surround(kind=EnvironmentKind(place["kind"]))
    if "mood" in place:
        draft.surround(mood=place["mood"])
    is_water = place.get("ground") == "water"
    if "scenery" in place and not (is_water and kept in _AROUND_WATER):
        draft.surround(scenery=Scenery(place["scenery"]))
    if "ground" in place and not (on_water and place.get("scenery") in _AROUND_WATER):
        draft.floor(material=place["ground"], color=place.get("color"))
    if "shows" in place and (not draft.shows or (is_water and kept in _AROUND_WATER)):
        draft.shows = list(place["shows"])


def is_landscape(place: dict[str, Any], phrase: NounPhrase) -> bool:
    """Whether a place is meant where the catalogue has a thing of its name too: "a farm with three cows"."""
    return bool(place.get("landscape")) and not any(item.tag == "NUM" for item in phrase.modifiers)


def apply_place(draft: Draft, lexicon: Lexicon, phrase: NounPhrase, place: dict[str, Any]) -> None:
    """A place with its adjectives: "a snowy forest", "a dark kitchen", "a green field"."""
    if phrase.nouns:
        draft.show_around(phrase.nouns[-1].text.lower())
    beach, water_color = makes_beach(draft, place), draft.ground.color
    if beach and place["ground"] == "water":
        # What colour the water has is not said of the sand.
        draft.surround(scenery=Scenery.SEA)
        draft.floor(water_color=next((paint.hex for paint in paints_of(phrase.modifiers, lexicon.colors)), None))
        return
    enter(draft, place)
    if beach:
        draft.surround(scenery=Scenery.SEA)
        draft.floor(color=place.get("color"), water_color=water_color)
    look_of_place(draft, lexicon, phrase)


def makes_beach(draft: Draft, place: dict[str, Any]) -> bool:
    """Whether a place is the water to a scene's sand, or the sand to its water."""
    return {place.get("ground"), draft.ground.material} == {"sand", "water"}


def apply_material(draft: Draft, lexicon: Lexicon, phrase: NounPhrase, noun: str) -> bool:
    """ "on black marble": without an article a material is what everything stands on. Whether it is one."""
    meanings = lexicon.phrases.get(noun, ())
    material = next((str(meaning.value) for meaning in meanings if meaning.tag == "MATERIAL"), None)
    if material is None or any(item.tag in ("DET", "NUM") for item in phrase.modifiers):
        return False
    paints = paints_of(phrase.modifiers, lexicon.colors)
    draft.floor(material=material, color=paints[0].hex if paints else None)
    return True


_BACKGROUNDS = {"dark": "#1d1f22", "bright": "#ececea", "pastel": "#e6d5e0", "warm": "#d9bfa0", "cool": "#b4c4d0"}
_FLOORS = frozenset({"floor", "ground", "surface", "flooring"})
_SKIES = frozenset({"sky", "skies"})
SURFACES = _FLOORS | {"background", "backdrop", "wall"}


def apply_surface(draft: Draft, lexicon: Lexicon, phrase: NounPhrase, noun: str) -> None:
    """ "a wooden floor", "a white background": what everything stands on or before."""
    if noun in _FLOORS:
        draft.show_around(noun)
        for item in phrase.modifiers:
            if item.tag == "MATERIAL":
                draft.floor(material=item.value)
        paints = paints_of(phrase.modifiers, lexicon.colors)
        if paints:
            draft.floor(color=paints[0].hex)
        return
    paints = paints_of(phrase.modifiers, lexicon.colors)
    toned = [_BACKGROUNDS[item.text.lower()] for item in phrase.modifiers if item.text.lower() in _BACKGROUNDS]
    if paints or toned:
        draft.surround(background=paints[0].hex if paints else toned[0])
    if noun == "wall" and draft.environment.kind is EnvironmentKind.STUDIO:
        draft.surround(kind=EnvironmentKind.INDOOR)
    told = [item.text for item in (*phrase.modifiers, *phrase.nouns[:-1]) if item.tag not in ("DET", "COLOR", "NUM")]
    rest = [text for text in told if text.lower() not in (*_BACKGROUNDS, "plain", "simple", "solid", "clean", "empty")]
    if rest or (noun != "wall" and not paints and not toned):
        draft.note(" ".join([*rest, noun]), "A background is a colour or a place here.")


_OF_THE_PICTURE = frozenset({"PLACE", "TIME", "MOOD", "WEATHER", "STYLE", "CAMERA"})
"""What an adjective may say of a place; a place does nothing, whatever its verb."""


def look_of_place(draft: Draft, lexicon: Lexicon, phrase: NounPhrase) -> None:
    """The adjectives of a place."""
    paints = paints_of(phrase.modifiers, lexicon.colors)
    is_sky = bool(phrase.nouns) and phrase.nouns[-1].text.lower() in _SKIES
    if paints and draft.environment.kind is EnvironmentKind.OUTDOOR and not is_sky:
        draft.floor(color=paints[0].hex)
    elif paints:
        draft.surround(background=paints[0].hex)
    for item in phrase.modifiers:
        if item.tag == "MATERIAL":
            draft.floor(material=item.value)
        elif item.tag == "ADJ" and item.value is not None and item.value.tag in _OF_THE_PICTURE:
            apply_setting(draft, item.value.tag, item.value.value, item.text)
        elif item.tag in ("ADJ", "SIZE", "SHAPE", "PATTERN", "MEASURE"):
            _no_effect(draft, item, phrase)


def _no_effect(draft: Draft, item: Tagged, phrase: NounPhrase) -> None:
    draft.note(f"{item.text} {phrase.nouns[-1].text}" if phrase.nouns else item.text, "Places have no such look here.")
