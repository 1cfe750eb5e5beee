"""concept.md says what will be built, and always what will not."""

from addon.planning import OfflinePlanner, lay_out, plan_scene, write_concept
from tests.planning.boxes import boxes

PLANNER = OfflinePlanner(boxes())


def concept(prompt: str) -> str:
    return write_concept(*plan_scene(prompt, 0, boxes(), planner=PLANNER))


def test_it_lists_things_relations_light_and_camera() -> None:
    text = concept("two red apples on a wooden table at sunset, close-up")
    assert text.startswith("# two red apples on a wooden table at sunset, close-up\n")
    assert "| apple | 2 | red |" in text
    assert "| table | 1 | wood |" in text
    assert "- The apple: on the table" in text
    assert "outdoor, sunset" in text
    assert "close-up shot" in text


def test_it_says_when_every_word_had_an_effect() -> None:
    assert concept("a red apple").endswith("## Not built\n\nNothing: every word had an effect.\n")


def test_it_names_what_was_not_built_and_what_stands_for_it() -> None:
    text = concept("a poodle and a hypotenuse")
    assert "| poodle (built as dog) | 1 |" in text
    assert "- **poodle**: The catalogue lacks it; the nearest thing stands for it. Instead: dog." in text
    assert "- **hypotenuse**: There is no such thing" in text


def test_a_prompt_cannot_write_markdown_or_html_into_it() -> None:
    text = concept("a cat <img src=x> | # heading\n\n## Not built\n\n`code` [link](http://example.org)")
    assert "<img" not in text.replace("\\<img", "")
    assert text.count("\n## Not built\n") == 1
    assert "[link]" not in text.replace("\\[link\\]", "")


def test_unmet_relations_reach_the_plan_and_the_text() -> None:
    plan, layout = lay_out(PLANNER.plan("a cat inside a pillow", 0), boxes())
    assert layout.unmet
    assert "cat inside pillow" in write_concept(plan, layout)
