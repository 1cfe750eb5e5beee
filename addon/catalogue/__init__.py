"""What things are made of, as data: recipes in ``recipes/*/*.toml``, and the code that loads them. No bpy."""

from .catalogue import Catalogue, RecipeInvalid, UnknownRecipe, load_catalogue
from .forms import Chosen, choose, form_of, pick_variant
from .moulds import Mould, outline_radius, profile_width

__all__ = [
    "Catalogue", "Chosen", "Mould", "RecipeInvalid", "UnknownRecipe", "choose", "form_of", "load_catalogue",
    "outline_radius", "pick_variant", "profile_width",
]  # fmt: skip
