"""What each stage does, in terms of a job and its backend. Main thread; no bpy.

A stage gives the names of its files and its warnings. It never changes what an earlier stage has recorded.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from ..models.plan import NotBuilt
from ..models.session import Format, StageName
from ..planning import plan_scene
from ..planning.concept import write_concept
from ..state.folders import CHECKPOINTS
from .backend import Report
from .job import CORRECTED_NAME, LAYOUT_NAME, PLAN_NAME, Job
from .notes import review_section

__all__ = ["MAX_CORRECTIONS", "STAGES", "Outcome"]

MAX_CORRECTIONS = 2
_PROBLEMS_TOLD = 5
_SCENE_STAGES = (StageName.BUILDER, StageName.TEXTURE, StageName.RENDER, StageName.REVIEWER)


@dataclass(frozen=True)
class Outcome:
    """Names of the files a stage has made, relative to the session's folder, and what a person should know."""

    files: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def _part(report: Report, start: float, end: float) -> Report:
    """A report for a part of a stage."""
    return lambda fraction, message: report(start + (end - start) * fraction, message)


def concept(job: Job) -> Outcome:
    """Prompt → plan.json and concept.md."""
    job.stage_folder(StageName.CONCEPT)
    width, height = job.session.options.pixels
    plan, layout = plan_scene(
        job.session.prompt,
        job.session.options.seed,
        job.catalogue,
        width / height,
        job.planner,
        job.waiting,
        job.session.uploads,
    )
    job.set_plan(plan, layout)
    files = [
        job.write(StageName.CONCEPT, "concept.md", write_concept(plan, layout)),
        job.write(StageName.CONCEPT, PLAN_NAME, plan.model_dump_json(indent=1)),
        job.write(StageName.CONCEPT, LAYOUT_NAME, layout.model_dump_json()),
    ]
    return Outcome(files, [*(_told(item) for item in plan.not_built), *_left_out(job.catalogue.problems)])


def _left_out(problems: Sequence[str]) -> list[str]:
    """What is wrong with one's own recipes: the first few, and how many more there are."""
    more = len(problems) - _PROBLEMS_TOLD
    rest = [f"{more} more of your own recipes are left out; the log of Blender and “doctor” name them."]
    return [*problems[:_PROBLEMS_TOLD], *(rest if more > 0 else [])]


def _told(item: NotBuilt) -> str:
    instead = f"; built instead: {item.substitute}" if item.substitute else ""
    return f"Not built: {item.text} ({item.reason.rstrip('.')}{instead})"


def builder(job: Job) -> Outcome:
    """Plan → geometry."""
    job.stage_folder(StageName.BUILDER)
    job.check_uploads()
    job.new_scene()
    warnings = job.backend.build(job.plan, job.layout, job.recipes, job.report, job.folder)
    return Outcome(_scene_files(job, StageName.BUILDER), warnings)


def texture(job: Job) -> Outcome:
    """Materials on everything."""
    job.stage_folder(StageName.TEXTURE)
    job.load_scene()
    warnings = job.backend.texture(job.plan, job.recipes, job.report)
    return Outcome(_scene_files(job, StageName.TEXTURE), warnings)


def render(job: Job) -> Outcome:
    """Light, camera, render.png. Where a reviewer follows, it looks before the picture is taken, which costs little."""
    folder = job.stage_folder(StageName.RENDER)
    job.load_scene()
    warnings = job.backend.stage(job.plan, job.layout, job.session.options)
    files = list[str]()
    if any(record.name is StageName.REVIEWER for record in job.session.stages):
        job.reviewed = job.backend.prepare(job.plan, job.layout)
        corrected = "".join(f"{text}\n" for text in job.reviewed.corrected)
        files += [job.write(StageName.RENDER, CORRECTED_NAME, corrected)] if corrected else []
    files += _scene_files(job, StageName.RENDER)
    picture = folder / "render.png"
    job.backend.render(picture, job.session.options, job.report)
    return Outcome([*files, *job.relative([picture])], warnings)


def animation(job: Job) -> Outcome:
    """Frames and, where this Blender can encode one, a video. Frames that an earlier run finished are kept."""
    folder = job.stage_folder(StageName.ANIMATION, keep=True)
    job.load_scene()
    made = job.backend.animate(job.plan, job.layout, job.session.options, folder, job.report)
    # Turning the camera has changed the scene in memory; the checkpoint has not changed.
    job.forget_scene()
    warnings = [] if any(path.suffix == ".mp4" for path in made) else ["This Blender cannot encode video: frames only."]
    return Outcome(job.relative(made), warnings)


def reviewer(job: Job) -> Outcome:
    """Look at the picture; correct its light and render again, at most twice, keeping the best of the pictures."""
    job.stage_folder(StageName.REVIEWER)
    job.load_scene()
    review = job.backend.review(job.plan, job.layout, job.checkpoint("render.png"), job.reviewed)
    told, files = list[str](), list[str]()
    for attempt in range(MAX_CORRECTIONS):
        if not review.wants_correction:
            break
        corrections = job.backend.correct(job.plan, job.layout, review)
        if not corrections:
            break
        job.check()
        picture = job.folder / CHECKPOINTS / StageName.REVIEWER / f"attempt_{attempt + 1}.png"
        part = _part(job.report, attempt / MAX_CORRECTIONS, (attempt + 1) / MAX_CORRECTIONS)
        job.backend.render(picture, job.session.options, part)
        again = job.backend.review(job.plan, job.layout, picture, review)
        if again.fault >= review.fault:
            # The picture before was better: what is in memory is no checkpoint's scene any more.
            picture.unlink()
            job.forget_scene()
            break
        review, told = again, told + corrections
        picture = picture.replace(picture.with_name("render.png"))
        files = [*_scene_files(job, StageName.REVIEWER), *job.relative([picture])]
    before = job.optional_checkpoint(CORRECTED_NAME)
    notes = job.checkpoint("concept.md").read_text(encoding="utf-8")
    notes += review_section(before.read_text(encoding="utf-8").splitlines() if before else [], told, review.findings)
    files.append(job.write(StageName.REVIEWER, "concept.md", notes))
    return Outcome(files, [f"Review: {finding.message}" for finding in review.findings])


def _scene_files(job: Job, stage: StageName) -> list[str]:
    files = [job.save_scene(stage)]
    last = [
        record.name
        for record in job.session.stages
        if record.name in _SCENE_STAGES and record.name is not StageName.REVIEWER
    ]
    # A correction moves camera and light, which the GLB of the stage before has too: made again.
    if Format.GLB in job.session.options.formats and stage in (last[-1], StageName.REVIEWER):
        path = job.folder / files[0]
        job.backend.export_glb(path.with_suffix(".glb"))
        files += job.relative([path.with_suffix(".glb")])
    return files


STAGES: dict[StageName, Callable[[Job], Outcome]] = {
    StageName.CONCEPT: concept,
    StageName.BUILDER: builder,
    StageName.TEXTURE: texture,
    StageName.RENDER: render,
    StageName.ANIMATION: animation,
    StageName.REVIEWER: reviewer,
}
