"""Counting requests, and Prometheus' text format. Server loop."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from aiohttp import web

__all__ = ["METRICS", "RequestMetrics", "Sample", "render"]

_BUCKETS_S = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


@dataclass(frozen=True)
class Sample:
    """One value of one metric; the metric's name has the prefix ``scenekeeper_`` already."""

    name: str
    kind: Literal["counter", "gauge", "histogram"]
    help: str
    value: float
    labels: Mapping[str, str] = field(default_factory=dict)
    suffix: str = ""


class RequestMetrics:
    """How many requests were answered how, and how long that took."""

    def __init__(self) -> None:
        self._answers: Counter[tuple[str, str, int]] = Counter()
        self._buckets: Counter[float] = Counter()
        self._seconds = 0.0
        self._count = 0
        self._refused: Counter[str] = Counter()

    def answered(self, method: str, route: str, status: int, seconds: float | None) -> None:
        """One request. ``route`` is the pattern, never the path: labels must stay few."""
        self._answers[method, route, status] += 1
        if seconds is None:
            return
        self._buckets[next((bound for bound in _BUCKETS_S if seconds <= bound), float("inf"))] += 1
        self._seconds += seconds
        self._count += 1

    def refused(self, code: str) -> None:
        """One request that was refused for its host, origin or token."""
        self._refused[code] += 1

    def samples(self) -> Iterable[Sample]:
        """All that was counted."""
        for (method, route, status), count in sorted(self._answers.items()):
            labels = {"method": method, "route": route, "status": str(status)}
            yield Sample("scenekeeper_http_requests_total", "counter", "Requests answered.", count, labels)
        for code, count in sorted(self._refused.items()):
            yield Sample(
                "scenekeeper_http_refused_total", "counter", "Refused by host, origin or token.", count, {"code": code}
            )
        name, text = "scenekeeper_http_request_seconds", "Time until an answer was ready, streams left out."
        below = 0
        for bound in (*_BUCKETS_S, float("inf")):
            below += self._buckets[bound]
            label = "+Inf" if bound == float("inf") else f"{bound:g}"
            yield Sample(name, "histogram", text, below, {"le": label}, "_bucket")
        yield Sample(name, "histogram", text, self._seconds, suffix="_sum")
        yield Sample(name, "histogram", text, self._count, suffix="_count")


METRICS = web.AppKey("metrics", RequestMetrics)


def render(samples: Iterable[Sample]) -> str:
    """The text format 0.0.4: each metric's lines together, below its help and type."""
    groups: dict[str, list[str]] = {}
    for sample in samples:
        if sample.name not in groups:
            groups[sample.name] = [
                f"# HELP {sample.name} {_escape(sample.help, quote=False)}",
                f"# TYPE {sample.name} {sample.kind}",
            ]
        labels = ",".join(f'{name}="{_escape(value)}"' for name, value in sample.labels.items())
        value = repr(int(sample.value)) if sample.value == int(sample.value) else repr(sample.value)
        groups[sample.name].append(f"{sample.name}{sample.suffix}{f'{{{labels}}}' if labels else ''} {value}")
    return "".join(f"{line}\n" for lines in groups.values() for line in lines)


def _escape(text: str, *, quote: bool = True) -> str:
    text = text.replace("\\", r"\\").replace("\n", r"\n")
    return text.replace('"', r"\"") if quote else text
