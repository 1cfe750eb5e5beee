"""Sessions that are deleted while they are read: found or unknown, never an error of ours."""

import asyncio

from .conftest import Served


async def test_reading_what_is_deleted_meanwhile(served: Served) -> None:
    names = [served.make() for _ in range(30)]
    for name in names:
        served.end(name)
    seen: set[int] = set()

    async def read(name: str) -> None:
        gone = 0
        while gone < 3:
            for path in ("session/{}", "download/{}/blend", "download/{}/bundle", "session/{}/events"):
                async with served.client.get(f"/api/{path.format(name)}") as answer:
                    seen.add(answer.status)
                    await answer.read()
            gone += answer.status == 404

    async def delete(name: str) -> None:
        async with served.client.delete(f"/api/session/{name}") as answer:
            assert answer.status == 204

    for first in range(0, len(names), 5):
        batch = names[first : first + 5]
        reading = [asyncio.create_task(read(name)) for name in batch]
        await asyncio.sleep(0.02)
        await asyncio.gather(*map(delete, batch))
        await asyncio.gather(*reading)
    assert seen == {200, 404}
