"""What things are made of, as data: recipes in ``recipes/*/*.toml``, and the code that loads them. No bpy."""

from .catalogue import Catalogue, RecipeInvalid, UnknownRecipe, load_catalogue
from .forms import Chosen, choose, pick_variant

__all__ = ["Catalogue", "Chosen", "RecipeInvalid", "UnknownRecipe", "choose", "load_catalogue", "pick_variant"]
