"""A window's worker that does not run, is not needed, or finds its port taken. Real processes, a clock passed in."""

import socket
import sys
from collections.abc import Iterator

import pytest

from addon.state.leases import Lease, read_lease
from addon.state.store import SessionStore
from addon.window.crew import Crew
from addon.window.desk import Config
from addon.window.rules import GIVE_UP_AFTER

from .conftest import WORKER, wait_for

DIES = (sys.executable, "-c", "import sys; print('scenekeeper: no room for me'); sys.exit(3)")


class Clock:
    """Time that a test moves."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def window(store: SessionStore) -> Iterator[Lease]:
    lease = Lease.acquire(store.output, "bridge")
    yield lease
    lease.release()


def test_it_gives_up_on_one_that_always_dies_and_says_its_last_words(store: SessionStore, window: Lease) -> None:
    clock = Clock()
    died: list[str] = []
    crew = Crew(Config(store.output, DIES), window.id, died=died.append, clock=clock)

    def tried_until_given_up() -> bool:
        clock.now += 1.0
        crew.look(waiting=1, running=0)
        return bool(crew.problem)

    wait_for(tried_until_given_up, 30, "it gives up")
    assert len(set(died)) == GIVE_UP_AFTER
    assert "no room for me" in crew.problem
    clock.now += 1000.0
    crew.look(waiting=1, running=0)
    assert len(died) == GIVE_UP_AFTER
    crew.encourage()
    wait_for(lambda: crew.look(waiting=1, running=0) or len(died) > GIVE_UP_AFTER, 10, "it is tried again")
    crew.stop()


def test_a_program_that_is_not_there_is_told(store: SessionStore, window: Lease) -> None:
    clock = Clock()
    crew = Crew(Config(store.output, ("/nothing/here",)), window.id, died=lambda _: None, clock=clock)
    for _ in range(GIVE_UP_AFTER):
        crew.look(waiting=1, running=0)
        clock.now += 60.0
    assert "cannot be started" in crew.problem


def test_nothing_is_started_without_work_or_beside_a_bridge(store: SessionStore, window: Lease) -> None:
    died: list[str] = []
    crew = Crew(Config(store.output, DIES), window.id, died=died.append)
    crew.look(waiting=0, running=0)
    bridge = Lease.exclusive(store.output)
    crew.look(waiting=1, running=0)
    crew.stop()
    assert died == []
    bridge.release()
    crew.look(waiting=1, running=0)
    crew.stop()
    assert len(died) == 1


def test_nothing_is_started_beside_another_worker(store: SessionStore, window: Lease) -> None:
    other = Lease.acquire(store.output, "worker")
    died: list[str] = []
    crew = Crew(Config(store.output, DIES), window.id, died=died.append)
    crew.look(waiting=1, running=0)
    crew.stop()
    assert died == []
    other.release()


@pytest.mark.blender
def test_a_taken_port_does_not_keep_sessions_from_being_made(store: SessionStore, window: Lease) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        crew = Crew(Config(store.output, WORKER, port), window.id, died=lambda _: None)
        try:
            wait_for(lambda: crew.look(waiting=1, running=0) or crew.problem, 60, "the port is found taken")
            assert crew.problem.startswith("REST is not served")
            assert str(port) in crew.problem
            wait_for(lambda: crew.look(waiting=1, running=0) or _addresses(store), 60, "it runs on another port")
            assert crew.address() == ""
        finally:
            crew.stop()


def _addresses(store: SessionStore) -> list[str]:
    found = [read_lease(store.output, path.stem) for path in (store.output / ".leases").glob("*.json")]
    return [lease.address for lease in found if lease is not None and lease.address]
