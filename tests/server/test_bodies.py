"""Bodies are read strictly: one form of JSON, bounded, and every fault with the name of its field."""

import json

import pytest

from addon.models.api import PROMPT_MAX

from .conftest import Served

_DEEP = "[" * 100_000
NOT_JSON = {
    "empty": b"",
    "words": b"prompt=a",
    "cut off": b'{"prompt": "a"',
    "NaN": b'{"prompt": "a", "options": {"seed": NaN}}',
    "Infinity": b'{"prompt": "a", "options": {"seed": -Infinity}}',
    "a name twice": b'{"prompt": "a", "prompt": "b"}',
    "a name twice inside": b'{"prompt": "a", "options": {"seed": 1, "seed": 2}}',
    "deep arrays": _DEEP.encode(),
    "deep and whole": (_DEEP + "]" * 100_000).encode(),
    "deep enough for one parser": b'{"prompt": "a", "options": ' + b"[" * 500 + b"]" * 500 + b"}",
    "deep objects": b'{"a":' * 20_000,
    "not UTF-8": b'{"prompt": "\xff\xfe"}',
    "UTF-16": '{"prompt": "a"}'.encode("utf-16"),
    "byte order mark": b'\xef\xbb\xbf{"prompt": "a"}',
    "a lone surrogate": b'{"prompt": "\\ud800"}',
    "a huge number": b'{"prompt": "a", "options": {"seed": ' + b"9" * 5000 + b"}}",
    "a comment": b'{"prompt": "a"} // why',
    "two values": b'{"prompt": "a"}{"prompt": "b"}',
}


@pytest.mark.parametrize("name", NOT_JSON)
async def test_what_is_not_json_is_refused(served: Served, name: str) -> None:
    headers = {"Content-Type": "application/json"}
    async with served.client.post("/api/generate", data=NOT_JSON[name], headers=headers) as answer:
        body = await answer.json()
    assert (answer.status, body["code"]) == (400, "invalid_json"), body
    assert not sum(served.store.index.counts().values())


WRONG = {
    "prompt": [{}, {"prompt": ""}, {"prompt": " \n "}, {"prompt": 7}, {"prompt": None}, {"prompt": "a\0b"}],
    "agents.0": [{"prompt": "a", "agents": ["sculptor"]}, {"prompt": "a", "agents": [1]}],
    "agents": [{"prompt": "a", "agents": "render"}, {"prompt": "a", "agents": ["render"] * 17}],
    "options.seed": [{"prompt": "a", "options": {"seed": seed}} for seed in ("1", 1.5, True, -1, 2**31, 1e400)],
    "options.resolution": [{"prompt": "a", "options": {"resolution": [8, 8]}}],
    "options.colour": [{"prompt": "a", "options": {"colour": "red"}}],
    "python": [{"prompt": "a", "python": "import os"}],
    "\ud800": [{"prompt": "a", "\ud800": 1}],
}


@pytest.mark.parametrize(("field", "sent"), [(field, sent) for field, all_ in WRONG.items() for sent in all_])
async def test_what_is_wrong_names_its_field(served: Served, field: str, sent: dict[str, object]) -> None:
    text = json.dumps(sent).replace("Infinity", "1e400")
    headers = {"Content-Type": "application/json"}
    async with served.client.post("/api/generate", data=text, headers=headers) as answer:
        body = await answer.json()
    if field == "\ud800":  # a name that is not Unicode: not JSON for every parser
        assert answer.status == 400
        return
    assert (answer.status, body["code"]) == (422, "invalid_request"), body
    assert field in [error["field"] for error in body["errors"]]


async def test_the_list_of_faults_is_bounded(served: Served) -> None:
    sent = {"prompt": "a", **{f"{'x' * 500}{number}": 1 for number in range(300)}}
    async with served.client.post("/api/generate", json=sent) as answer:
        body = await answer.read()
    assert answer.status == 422
    assert len(body) < 10_000


@pytest.mark.parametrize(
    "content_type",
    [
        None,
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/json; charset=latin-1",
        "multipart/mixed; boundary=x",
    ],
)
async def test_only_json_is_taken(served: Served, content_type: str | None) -> None:
    headers = {"Content-Type": content_type} if content_type else {}
    request = served.client.post(
        "/api/generate", data=b'{"prompt":"a"}', headers=headers, skip_auto_headers=["Content-Type"]
    )
    async with request as answer:
        assert (answer.status, (await answer.json())["code"]) == (415, "unsupported_media_type")


async def test_a_compressed_body_is_not_unpacked(served: Served) -> None:
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    async with served.client.post("/api/generate", data=b"\x1f\x8b", headers=headers) as answer:
        assert answer.status == 415


@pytest.mark.parametrize("chunked", [False, True])
async def test_a_body_that_is_too_large_is_not_read(served: Served, chunked: bool) -> None:
    async def pieces() -> object:
        for _ in range(64):
            yield b" " * 65_536

    data = pieces() if chunked else b" " * 300_000
    headers = {"Content-Type": "application/json"}
    async with served.client.post("/api/generate", data=data, headers=headers) as answer:
        assert (answer.status, (await answer.json())["code"]) == (413, "too_large")


async def test_the_longest_prompt_fits_however_it_is_written(served: Served) -> None:
    text = json.dumps({"prompt": "\U0001f600" * PROMPT_MAX})
    headers = {"Content-Type": "application/json"}
    async with served.client.post("/api/generate", data=text, headers=headers) as answer:
        assert answer.status == 202
    async with served.client.post("/api/generate", json={"prompt": "a" * (PROMPT_MAX + 1)}) as answer:
        assert answer.status == 422
