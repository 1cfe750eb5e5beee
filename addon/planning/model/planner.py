"""The planner that asks a language model, sends wrong answers back with their errors, and can do without it.

Worker's main thread; between its questions it waits with signs of life.
"""

import logging
from collections.abc import Sequence

from ...models.plan import NotBuilt, ScenePlan
from ...models.recipe import Recipe
from ..own import WithOwn, with_used
from ..protocol import Planner, Things, Waiting
from .answer import AnswerInvalid, read_answer
from .briefing import Briefing, correction
from .endpoint import ChatClient, Endpoint, Message, ModelUnavailable
from .watch import run_watched

__all__ = ["MAX_CORRECTIONS", "ModelPlanner", "told"]

log = logging.getLogger("scenekeeper.planning")

MAX_CORRECTIONS = 2
_LOGGED = 600
_KEPT_ANSWER = 30_000


def told(plan: ScenePlan, reason: str) -> ScenePlan:
    """An offline plan that says why no model made it."""
    note = NotBuilt(text="the language model's plan", reason=reason, substitute="a plan made offline")
    return plan.model_copy(update={"not_built": [note, *plan.not_built]})


class ModelPlanner:
    """Plans with a language model; whatever goes wrong with that, with ``offline``, and says so in ``not_built``."""

    def __init__(self, things: Things, endpoint: Endpoint, offline: Planner) -> None:
        self._things = things
        self._endpoint = endpoint
        self._offline = offline
        self._client = ChatClient(endpoint)
        self._briefing = Briefing(things)

    def plan(self, prompt: str, seed: int, waiting: Waiting | None = None, own: Sequence[Recipe] = ()) -> ScenePlan:
        """A valid plan for any text. Raises only what ``waiting`` raises."""
        try:
            return run_watched(
                lambda until: self._converse(prompt, seed, until, own),
                self._endpoint.timeout_s,
                waiting or (lambda _: None),
            )
        except ModelUnavailable as error:
            log.warning("planning offline: %s", error)
            return told(self._offline.plan(prompt, seed, waiting, own), str(error))

    async def _converse(self, prompt: str, seed: int, until: float, own: Sequence[Recipe]) -> ScenePlan:
        messages: list[Message] = self._briefing.opening(prompt, own)
        things = WithOwn(self._things, own)
        for _ in range(MAX_CORRECTIONS + 1):
            answer = await self._client.ask(messages, seed, until)
            try:
                plan = read_answer(answer, things, prompt, seed, self._endpoint.model)
            except AnswerInvalid as error:
                problems = "; ".join(error.problems)
                if not self._endpoint.appears_in(problems):
                    log.info("the model's answer is not valid: %s", problems[:_LOGGED])
                messages += [
                    {"role": "assistant", "content": answer.text[:_KEPT_ANSWER] or "{}"},
                    {"role": "user", "content": correction(error.problems)},
                ]
                continue
            if self._endpoint.appears_in(plan.model_dump_json()):
                raise ModelUnavailable("The language model's answer held the key.")
            return with_used(plan, own)
        raise ModelUnavailable(f"The language model's answers were not valid, {MAX_CORRECTIONS + 1} times.")
