"""A catalogue of plain boxes with real sizes: what planning needs of recipes, without waiting for their geometry."""

from functools import cache

from addon.models.recipe import Recipe

__all__ = ["BoxCatalogue", "boxes"]

SIZES = """
chair 0.46 0.52 0.92; cat 0.2 0.5 0.35; car 1.8 4.3 1.45; bird 0.12 0.25 0.18; bag 0.4 0.2 0.45
dog 0.3 0.8 0.65; vase 0.2 0.2 0.35; cow 0.7 2.2 1.5; giraffe 1.0 2.6 4.8; sheep 0.5 1.2 0.9
book 0.16 0.23 0.03; wallet 0.11 0.02 0.09; woman 0.5 0.3 1.65; clock 0.3 0.06 0.3; table 1.2 0.75 0.74
mouse 0.05 0.12 0.05; cup 0.11 0.08 0.09; person 0.55 0.3 1.72; horse 0.6 2.3 1.7; backpack 0.32 0.2 0.46
bowl 0.24 0.24 0.11; suitcase 0.45 0.22 0.65; bee 0.02 0.02 0.012; lamp 0.3 0.3 0.5; man 0.55 0.3 1.78
train 2.9 14.0 3.6; key 0.03 0.006 0.07; boy 0.4 0.25 1.2; microwave 0.5 0.38 0.3; fish 0.08 0.3 0.15
rabbit 0.18 0.35 0.3; frog 0.1 0.12 0.07; turtle 0.35 0.45 0.2; plate 0.27 0.27 0.025
butterfly 0.09 0.04 0.07; chicken 0.22 0.42 0.42; candle 0.07 0.07 0.18; girl 0.4 0.25 1.18
bicycle 0.5 1.75 1.05; desk 1.3 0.65 0.75; television 1.1 0.2 0.68; balloon 0.3 0.3 0.38; pig 0.5 1.3 0.8
rug 2.0 1.4 0.015; phone 0.075 0.01 0.15; computer 0.6 0.5 0.48; refrigerator 0.75 0.7 1.8; sofa 2.0 0.9 0.85
airplane 30.0 32.0 9.0; painting 0.9 0.05 0.7; bottle 0.08 0.08 0.3; apple 0.08 0.08 0.085
towel 0.5 0.3 0.12; bench 1.5 0.55 0.85; pillow 0.5 0.35 0.15; spoon 0.04 0.18 0.02; elephant 1.8 4.0 3.2
watch 0.05 0.03 0.07; banana 0.2 0.06 0.05; shirt 0.6 0.1 0.7; boat 1.8 5.0 1.3; hat 0.32 0.36 0.16
box 0.4 0.3 0.3; ball 0.24 0.24 0.24; knife 0.03 0.25 0.015; tree 3.0 3.0 5.0; pear 0.07 0.07 0.1
cake 0.26 0.26 0.14; pen 0.012 0.15 0.012; bear 0.9 1.8 1.2; tomato 0.07 0.07 0.06; kite 0.8 0.1 0.9
tent 2.2 2.4 1.5; truck 2.4 7.0 3.0; ship 8.0 40.0 14.0; helicopter 3.0 11.0 3.6; drum 0.4 0.4 0.4
guitar 0.38 0.12 1.0; stool 0.36 0.36 0.46; sink 0.6 0.5 0.85; flag 0.9 0.1 1.8; camel 0.8 2.8 2.1
deer 0.5 1.6 1.4; duck 0.2 0.4 0.3; swan 0.4 1.0 0.9; egg 0.045 0.045 0.06; strawberry 0.03 0.03 0.04
shrimp 0.02 0.08 0.03; goldfish 0.04 0.1 0.06; peach 0.075 0.075 0.07; lemon 0.06 0.09 0.06
hamburger 0.11 0.11 0.08; bread 0.12 0.25 0.11; printer 0.45 0.38 0.22; camera 0.14 0.09 0.1
helmet 0.24 0.28 0.2; toy 0.2 0.15 0.2; paddle 0.2 0.05 1.5; microphone 0.06 0.06 0.2; house 8.0 10.0 6.5
sun 1.0 1.0 1.0; moon 0.8 0.8 0.8; cloud 3.0 1.5 1.2; snowman 0.9 0.9 1.7; umbrella 1.1 1.1 1.0
ant 0.002 0.006 0.002; skyscraper 30.0 30.0 150.0; basket 0.4 0.3 0.25; sphere 0.5 0.5 0.5; cube 0.5 0.5 0.5
orange 0.075 0.075 0.073; flower 0.12 0.12 0.4; mushroom 0.1 0.1 0.12; bed 1.6 2.1 1.0; shelf 0.9 0.35 1.8
glass 0.07 0.07 0.12
"""
"""Width, depth, height in metres; a thing faces -Y."""

ON = {"table", "desk", "bench", "chair", "sofa", "stool", "bed", "plate", "rug", "box", "cube", "shelf"}
INSIDE = {"bowl", "basket", "cup", "vase", "box", "glass"}
UNDER = {"table", "desk", "chair", "bench", "bed"}
CATEGORIES = {
    "bird": "bird",
    "bee": "insect",
    "butterfly": "insect",
    "airplane": "aircraft",
    "cat": "animal",
    "dog": "animal",
}


def _recipe(name: str, x: float, y: float, z: float) -> Recipe:
    surfaces: dict[str, dict[str, object]] = {}
    height = z * 0.5 if name in ("chair", "sofa", "bench", "bed") else z
    if name in ON:
        surfaces["top"] = {"at": (0, 0, height), "size": (x * 0.92, y * 0.92)}
    if name in INSIDE:
        surfaces["inside"] = {"kind": "in", "at": (0, 0, z * 0.15), "size": (x * 0.7, y * 0.7)}
    if name in UNDER:
        surfaces["under"] = {"kind": "in", "at": (0, 0, 0), "size": (x * 0.8, y * 0.8), "clear": height * 0.8}
    return Recipe.model_validate(
        {
            "name": name,
            "category": CATEGORIES.get(name, "thing"),
            "size": (x, y, z),
            "slots": {"body": {"paintable": True}},
            "surfaces": surfaces,
            "parts": [{"name": "body", "shape": "box", "size": (x, y, z)}],
        }
    )


class BoxCatalogue:
    """Serves the boxes as ``addon.planning.Things``."""

    def __init__(self) -> None:
        self._recipes: dict[str, Recipe] = {}
        for entry in SIZES.replace("\n", ";").split(";"):
            if entry.strip():
                name, x, y, z = entry.split()
                self._recipes[name] = _recipe(name, float(x), float(y), float(z))

    problems: tuple[str, ...] = ()

    def nouns(self) -> dict[str, str]:
        """Every noun is its recipe's name."""
        return {name: name for name in self._recipes}

    def get(self, name: str) -> Recipe:
        """The box of this name."""
        return self._recipes[name]


@cache
def boxes() -> BoxCatalogue:
    """One for all tests."""
    return BoxCatalogue()
