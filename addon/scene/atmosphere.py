"""Sky, light and ground for each environment, time and mood, as numbers. Pure data; any thread.

Radiances are scaled so that a white surface facing the key light comes out just below white.
"""

from dataclasses import dataclass, replace

from ..models.plan import Environment, EnvironmentKind, ScenePlan, TimeOfDay, Weather
from .colour import RGBA, blended, linear
from .materials import finish_for
from .softboxes import Softbox

__all__ = ["Atmosphere", "air_of", "atmosphere_of"]


@dataclass(frozen=True)
class Atmosphere:
    """How it looks there. Angles in degrees, ``key_side`` seen from the camera: negative is left.

    ``key``, ``fill``, ``rim`` are irradiances at the scene; ``ambient`` multiplies the sky as a light source.
    ``polished``: the soft lights stand where letters of metal mirror them.
    ``neutral_light`` is the share of grey in the sky's light: a sky painted in a colour must not dye what is under it.
    ``overcast`` is how heavy the clouds are that hide the whole sky, 0 to 1.
    ``night``: windows far away are lit. ``lightning``: a bolt is seen.
    ``far`` is the ground's colour as far as it is seen, ``arid`` where no snow lies on its mountains, ``seasonal``
    where its woods have its colour.
    ``haze`` is the distance, in scene radii, after which two thirds of a thing are lost; 0 is clear.
    """

    zenith: str
    horizon: str
    below: str
    key: float
    key_color: str = "#fff6ea"
    key_height: float = 45.0
    key_side: float = -42.0
    key_softness: float = 1.0
    fill: float = 0.0
    fill_color: str = "#eef3ff"
    rim: float = 0.0
    rim_color: str = "#ffffff"
    polished: bool = False
    ambient: float = 1.0
    ground: str = "plaster"
    ground_color: str | None = None
    clouds: float = 0.0
    stars: float = 0.0
    glow: str | None = None
    haze: float = 0.0
    caustics: bool = False
    exposure: float = 0.0
    neutral_light: float = 0.0
    overcast: float = 0.0
    night: bool = False
    lightning: bool = False
    far: str | None = None
    arid: bool = False
    seasonal: bool = False

    @property
    def sunny(self) -> bool:
        """Whether the sun may come in through a window."""
        return self.exposure == 0 and self.key > 1.8

    @property
    def horizon_color(self) -> RGBA:
        """What everything far away fades to."""
        return linear(self.horizon, surface=False)

    @property
    def boxes(self) -> tuple[Softbox, ...]:
        """The soft lights beside the key light, but for those without any strength."""
        boxes = _POLISHED if self.polished else _SOFT
        strengths = {"fill": (self.fill, self.fill_color), "rim": (self.rim, self.rim_color)}
        scaled = [
            replace(box, irradiance=box.irradiance * strength, color=color)
            for role, box in boxes
            for strength, color in (strengths[role],)
        ]
        return tuple(box for box in scaled if box.irradiance > 0)


_SOFT = (
    ("fill", Softbox(58, 22, 50, 70, 0.75)),
    ("fill", Softbox(-20, 78, 70, 40, 0.5)),
    ("rim", Softbox(148, 34, 26, 64, 0.75)),
    ("rim", Softbox(-128, 26, 16, 70, 0.45)),
)  # fmt: skip
_POLISHED = (
    ("rim", Softbox(-34, 8, 26, 60, 0.45)), ("rim", Softbox(-7, 8, 20, 60, 0.2)), ("rim", Softbox(16, 8, 14, 60, 0.2)),
    ("rim", Softbox(-62, 12, 9, 66, 0.5)), ("rim", Softbox(52, 8, 9, 66, 0.5)), ("rim", Softbox(0, 62, 80, 14, 0.6)),
)  # fmt: skip
"""Soft boxes for the faces that look at the camera, strips for bevels."""


_STUDIO = Atmosphere(
    "#f2f4f7", "#d9dbde", "#c9c9c9",
    key=2.9, key_color="#fff3e2", key_softness=0.6, fill=0.5, fill_color="#e8f0ff", rim=0.8, rim_color="#f0f5ff",
    ambient=0.26, ground="backdrop",
)  # fmt: skip
_OUTDOOR = {
    TimeOfDay.DAY: Atmosphere(
        "#4f8fd6", "#cfe2f2", "#a8b4a0",
        key=3.3, key_color="#fff3e0", key_height=46, key_side=-52, key_softness=0.3, ambient=0.75, ground="grass",
        clouds=0.55, haze=110,
    ),
    TimeOfDay.DAWN: Atmosphere(
        "#7c97c9", "#f6cdb6", "#9a8f92",
        key=2.4, key_color="#ffd0ae", key_height=20, key_side=-55, key_softness=0.4, fill=0.5,
        ambient=0.9, ground="grass", clouds=0.5, glow="#ffe2c4", haze=50,
    ),
    TimeOfDay.SUNSET: Atmosphere(
        "#3f5694", "#ff9d57", "#8a5b4a",
        key=2.5, key_color="#ffb77e", key_height=17, key_side=-50, key_softness=0.4, rim=1.4, rim_color="#ff9a6b",
        fill=1.0, fill_color="#f1ecff", ambient=0.85, ground="grass", clouds=0.65, glow="#ffd38a",
        haze=60,
    ),
    TimeOfDay.NIGHT: Atmosphere(
        "#0a1230", "#22335e", "#0c1222",
        key=1.3, key_color="#d3e0ff", key_height=42, key_side=-48, key_softness=0.4, fill=0.5, fill_color="#ffe3c0",
        rim=1.0, rim_color="#9fc0ff", ambient=1.6, ground="grass", stars=1.0, haze=80, exposure=0.35,
        night=True,
    ),
}  # fmt: skip
_INDOOR = {
    TimeOfDay.DAY: Atmosphere(
        "#e9eef2", "#e8e4dc", "#cfc8bc",
        key=2.5, key_color="#fff3e0", key_height=38, key_side=-55, key_softness=0.8, fill=0.5, fill_color="#f0f4ff",
        rim=0.4, ambient=0.42, ground="planks",
    ),
    TimeOfDay.NIGHT: Atmosphere(
        "#1a2138", "#242a3d", "#181a22",
        key=1.7, key_color="#ffe0bd", key_height=55, key_side=-35, key_softness=0.8, fill=0.35, fill_color="#c8d2ff",
        rim=0.4, rim_color="#9fb4ff", ambient=0.9, ground="planks", exposure=0.2,
    ),
}  # fmt: skip
_UNDERWATER = Atmosphere(
    "#5fd0dc", "#1c7f9e", "#0c3a55",
    key=2.0, key_color="#fff6ec", key_height=62, key_side=-25, fill=0.5, fill_color="#f4fbff", rim=0.7,
    rim_color="#a8f0ff", ambient=0.75, ground="sand", haze=7, caustics=True,
)  # fmt: skip
_SPACE = Atmosphere(
    "#05060c", "#070916", "#05060c",
    key=3.0, key_color="#fff8ee", key_height=32, key_side=-58, fill=0.22, fill_color="#8fa8ff", rim=1.6,
    rim_color="#9fc4ff", ambient=6.0, ground="none", stars=1.4,
)  # fmt: skip


def _base(environment: Environment) -> Atmosphere:
    kind, time = environment.kind, environment.time
    if kind is EnvironmentKind.OUTDOOR:
        return _OUTDOOR[time]
    if kind is EnvironmentKind.UNDERWATER:
        dim = {TimeOfDay.NIGHT: 0.45, TimeOfDay.SUNSET: 0.8, TimeOfDay.DAWN: 0.85}.get(time, 1.0)
        return replace(_UNDERWATER, key=_UNDERWATER.key * dim, ambient=_UNDERWATER.ambient * dim)
    if kind is EnvironmentKind.SPACE:
        return _SPACE
    if kind is EnvironmentKind.INDOOR:
        base = _INDOOR[TimeOfDay.NIGHT if time is TimeOfDay.NIGHT else TimeOfDay.DAY]
        warm = {TimeOfDay.SUNSET: "#ffb878", TimeOfDay.DAWN: "#ffd3b0"}.get(time)
        return replace(base, key_color=warm, key_height=22.0) if warm else base
    outside = _OUTDOOR[time]
    if time is TimeOfDay.DAY:
        return _STUDIO
    # A studio at sunset or at night: its backdrop and lights take that hour's colours.
    return replace(
        _STUDIO, zenith=outside.zenith, horizon=outside.horizon, key_color=outside.key_color, key=outside.key,
        fill_color=outside.fill_color, rim_color=outside.rim_color, ambient=outside.ambient * 0.5,
        ground_color="#2a3350" if time is TimeOfDay.NIGHT else "#c98f6e", exposure=outside.exposure,
    )  # fmt: skip


def _lowering(air: Atmosphere, share: float) -> Atmosphere:
    """Heavy clouds over what is out of doors: nobody believes a dark mood under a blue sky."""
    return replace(
        air, zenith=blended(air.zenith, "#272d36", share), horizon=blended(air.horizon, "#7b828b", share),
        clouds=0.0, overcast=1.0, ambient=air.ambient * 3.4, haze=min(air.haze, 45.0), neutral_light=0.6,
    )  # fmt: skip


def _with_mood(air: Atmosphere, environment: Environment) -> Atmosphere:
    """The atmosphere in a mood. Only a studio's ground takes the mood's colour; grass stays grass."""
    mood, studio = environment.mood, environment.kind is EnvironmentKind.STUDIO
    if mood == "bright":
        changed = replace(air, fill=air.fill + 0.3, ambient=air.ambient * 1.25, exposure=air.exposure + 0.12)
    elif mood == "dark":
        changed = replace(
            air, key=air.key * 1.05, key_softness=0.5, fill=air.fill * 0.25, ambient=air.ambient * 0.3,
            rim=air.rim + 1.6, ground_color="#4a4d53",
        )  # fmt: skip
        if environment.kind is EnvironmentKind.OUTDOOR and environment.time is not TimeOfDay.NIGHT:
            changed = _lowering(changed, 0.85 if environment.time is TimeOfDay.DAY else 0.5)
    elif mood == "warm":
        changed = replace(air, key_color="#ffedd6", fill_color="#fff3e6", ground_color="#d3c3b0")
    elif mood == "cool":
        changed = replace(air, key_color="#eef4ff", fill_color="#e4eeff", ground_color="#b3bec9")
    elif mood == "neon":
        changed = replace(
            air, zenith="#120a26", horizon="#1d1038", key=1.3, key_color="#ffe9f6", fill=1.7, fill_color="#22d8ff",
            rim=3.2, rim_color="#ff2fd0", ambient=0.8, ground_color="#4a4266", clouds=0.0, night=True,
        )  # fmt: skip
    elif mood == "foggy":
        changed = replace(
            air, zenith="#c3cad0", horizon="#c9ced2", key=air.key * 0.45, key_softness=2.0, ambient=air.ambient + 0.4,
            haze=4.0, clouds=0.0, overcast=0.0,
        )  # fmt: skip
    else:
        return air
    return changed if studio else replace(changed, ground_color=air.ground_color)


_SHARES = {TimeOfDay.DAY: 1.0, TimeOfDay.DAWN: 0.75, TimeOfDay.SUNSET: 0.6, TimeOfDay.NIGHT: 0.0}
"""How much of the greys of a clouded day are there at an hour; the rest is the hour's own sky."""
_CLOUDED = {
    # zenith, horizon, share of the sun that comes through, what the sky gives as light, heaviness, haze
    Weather.OVERCAST: ("#8d99a6", "#c3cad0", 0.62, 1.5, 0.55, 70.0),
    Weather.RAIN: ("#66727f", "#a2abb3", 0.62, 1.9, 0.75, 26.0),
    Weather.STORM: ("#3d434a", "#7d8791", 0.36, 1.5, 1.0, 34.0),
    Weather.SNOW: ("#7f8a97", "#b3bcc6", 0.62, 1.6, 0.5, 24.0),
}


def _with_weather(air: Atmosphere, environment: Environment) -> Atmosphere:
    """Under clouds: a grey sky, soft light from all of it, and no sun or stars to be seen."""
    clouded = _CLOUDED.get(environment.weather)
    if clouded is None or environment.kind is not EnvironmentKind.OUTDOOR:
        return air
    zenith, horizon, sun, ambient, heavy, haze = clouded
    share = _SHARES[environment.time]
    night = environment.time is TimeOfDay.NIGHT
    return replace(
        air, zenith=blended(air.zenith, zenith, share), horizon=blended(air.horizon, horizon, 0.85 * share),
        key=air.key * (0.7 if night else sun), key_softness=6.0,
        key_color=blended(air.key_color, "#f3f6fa", share), ambient=air.ambient * (1.0 if night else ambient),
        clouds=0.0, stars=0.0, glow=None, overcast=heavy, haze=min(air.haze, haze),
        rim=air.rim if night else 0.3, neutral_light=0.6, lightning=environment.weather is Weather.STORM,
    )  # fmt: skip


def atmosphere_of(environment: Environment) -> Atmosphere:
    """The atmosphere of a plan's environment; a background colour that was asked for goes before the usual one."""
    studio = environment.kind is EnvironmentKind.STUDIO
    air = _with_mood(_with_weather(_base(environment), environment), environment)
    if environment.background is not None:
        color = environment.background
        air = replace(air, horizon=color, zenith=color, clouds=0.0, stars=0.0, glow=None)
        if studio:
            air = replace(air, ground_color=color)
        elif environment.kind is EnvironmentKind.OUTDOOR:
            air = replace(air, neutral_light=0.75)
    return air


_LANDS = frozenset({"grass", "sand", "soil", "snow"})


def _over_land(plan: ScenePlan, air: Atmosphere) -> Atmosphere:
    """What is far away belongs to the ground: no snowy peaks behind a desert, no green woods behind an autumn park."""
    found = finish_for(plan.ground.material or air.ground)
    if plan.environment.kind is not EnvironmentKind.OUTDOOR or found is None or found[0] not in _LANDS:
        return air
    name, finish = found
    seasonal = name == "snow" or (name == "grass" and plan.ground.color is not None)
    return replace(air, far=plan.ground.color or finish.color, arid=name in ("sand", "soil"), seasonal=seasonal)


def air_of(plan: ScenePlan) -> Atmosphere:
    """The atmosphere of a plan: its environment's, but a dark studio for letters of metal alone, which show what
    they reflect."""
    air = _over_land(plan, atmosphere_of(plan.environment))
    finishes = [finish_for(item.material or "plastic") for item in plan.texts]
    metallic = bool(finishes) and all(found is not None and found[1].metallic > 0.5 for found in finishes)
    if plan.objects or not metallic or air != _STUDIO or plan.ground.color or plan.ground.material:
        return air
    return replace(air, ground_color="#3a3f48", key=1.2, fill=0.2, rim=2.6, ambient=0.3, polished=True)
