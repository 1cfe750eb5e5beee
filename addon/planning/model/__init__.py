"""Language models as planners: any OpenAI-compatible endpoint, and the offline planner when it does not help.

Worker's main thread. A model's answer is data: it is validated and bounded, and nothing in it is ever run.
"""

from .choice import make_planner
from .endpoint import Endpoint, ModelUnavailable
from .planner import ModelPlanner

__all__ = ["Endpoint", "ModelPlanner", "ModelUnavailable", "make_planner"]
