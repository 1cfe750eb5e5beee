"""Makes the README's pictures anew: ``python tools/readme_pictures.py`` (a quarter of an hour on two cores)."""

import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
CHAIRS = "two red chairs and a small blue vase on a round wooden table"
PROMPTS = (
    "a red apple on a wooden table",
    "a leather armchair next to a floor lamp in a living room",
    "a snowman in front of a house at night",
    "a sailboat on the sea at sunset",
    '"HELLO" in big golden letters',
    "three fish underwater",
    "a campfire next to a tent in a forest at night",
    "a castle in the fog",
    "a low poly fox next to a tree",
    "a yellow taxi on a city street",
    "a silver robot and a green dinosaur",
    "a motorcycle in neon light",
)
CHAIRS_SIZE, GALLERY_SIZE = "1280x720", "720x405"
TILE, COLUMNS, MARGIN, LINE = (480, 270), 3, 8, 26


def picture(prompt: str, folder: Path, resolution: str) -> Image.Image:
    """The render of a prompt, cleaner than the standard preset's."""
    output = folder / str(abs(hash(prompt)))
    command = [sys.executable, "-m", "addon", "generate", prompt, "--output", str(output), "--samples", "10"]
    command += ["--resolution", resolution]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    (render,) = output.glob("*/render.png")
    return Image.open(render).convert("RGB")


def gallery(folder: Path) -> Image.Image:
    """All prompts with their pictures."""
    rows = -(-len(PROMPTS) // COLUMNS)
    width, height = TILE[0] + MARGIN, TILE[1] + LINE + MARGIN
    sheet = Image.new("RGB", (COLUMNS * width + MARGIN, rows * height + MARGIN), "white")
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(15)
    for number, prompt in enumerate(PROMPTS):
        x, y = MARGIN + number % COLUMNS * width, MARGIN + number // COLUMNS * height
        sheet.paste(picture(prompt, folder, GALLERY_SIZE).resize(TILE, Image.Resampling.LANCZOS), (x, y))
        draw.text((x + 2, y + TILE[1] + 3), prompt, fill="#333333", font=font)
    return sheet


if __name__ == "__main__":
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        picture(CHAIRS, Path(name), CHAIRS_SIZE).save(IMAGES / "chairs.jpg", quality=88)
        gallery(Path(name)).save(IMAGES / "gallery.jpg", quality=85)
