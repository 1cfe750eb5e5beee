"""The prompt's words and the scene's nouns, brought together without the planner's knowledge. Any thread."""

__all__ = ["is_plural", "same", "singular"]

_IRREGULAR = {
    "people": "person", "men": "man", "women": "woman", "children": "child", "mice": "mouse", "geese": "goose",
    "feet": "foot", "teeth": "tooth", "oxen": "ox", "knives": "knife", "wives": "wife", "lives": "life",
    "leaves": "leaf", "loaves": "loaf", "shelves": "shelf", "wolves": "wolf", "calves": "calf", "scarves": "scarf",
    "elves": "elf", "thieves": "thief", "halves": "half", "hooves": "hoof", "dice": "dice", "dies": "die",
    "ties": "tie", "pies": "pie", "cookies": "cookie", "movies": "movie", "zombies": "zombie", "brownies": "brownie",
    "cacti": "cactus", "octopi": "octopus", "buses": "bus", "gases": "gas", "lenses": "lens", "shoes": "shoe",
    "axes": "axe", "horses": "horse", "houses": "house", "vases": "vase", "roses": "rose", "noses": "nose",
    "cases": "case", "bases": "base", "purses": "purse", "nurses": "nurse", "blouses": "blouse", "hoses": "hose",
    "cheeses": "cheese", "suitcases": "suitcase", "briefcases": "briefcase", "bookcases": "bookcase",
    "pencilcases": "pencilcase", "tortoises": "tortoise", "doughnuts": "donut", "doughnut": "donut",
    "headaches": "headache", "toes": "toe", "canoes": "canoe", "microphones": "microphone",
}  # fmt: skip
_UNCHANGED = (
    "glasses scissors pants trousers jeans shorts pliers tongs binoculars goggles clothes series species "
    "sheep fish deer shrimp moose salmon trout squid headphones sunglasses stairs bus gas lens cactus octopus walrus "
    "hippopotamus rhinoceros dress glass grass compass mattress address canvas iris chess cutlass class press "
    "tennis boss cross moss mess bass atlas campus circus virus platypus abacus asparagus hibiscus eucalyptus "
    "jewelry"
)
_SAME = frozenset(_UNCHANGED.split(" "))


def singular(word: str) -> str:
    """The last word of a noun in the singular; the rest as it is."""
    *before, last = word.strip().lower().replace("_", " ").split() or [""]
    return " ".join((*before, _one(last)))


def _one(word: str) -> str:
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if word in _SAME:
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "xes", "sses", "zzes", "oes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def is_plural(word: str) -> bool:
    """Whether a word speaks of several or of a pair, as in "rubber gloves"."""
    last = word.strip().lower().split()[-1] if word.strip() else ""
    return last.endswith("s") and not last.endswith(("ss", "us", "is"))


def same(asked: str, noun: str) -> bool:
    """Whether a scene's noun is what the prompt calls ``asked``: "sole shoes" may be shoes, a chair no armchair."""
    one, other = singular(asked), singular(noun)
    return one == other or one.endswith(f" {other}") or other.endswith(f" {one}")
