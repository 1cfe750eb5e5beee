"""Which workers a new bridge takes for orphans."""

import pytest

from addon.models.base import utc_now
from addon.state.leases import LeaseInfo, LeaseState
from bridge.adoption import is_orphan

HELD, FREE, MISSING = LeaseState.HELD, LeaseState.FREE, LeaseState.MISSING


@pytest.mark.parametrize(
    ("kind", "supervisor", "worker_lease", "supervisor_lease", "expected"),
    [
        ("worker", "b1", HELD, FREE, True),
        ("worker", "b1", HELD, MISSING, True),
        ("worker", "b1", HELD, HELD, False),
        ("worker", None, HELD, MISSING, False),
        ("worker", "b1", FREE, FREE, False),
        ("worker", "b1", MISSING, FREE, False),
        ("bridge", None, HELD, MISSING, False),
    ],
)
def test_a_worker_that_runs_without_its_bridge_is_an_orphan(
    kind: str, supervisor: str | None, worker_lease: LeaseState, supervisor_lease: LeaseState, expected: bool
) -> None:
    lease = LeaseInfo.model_validate(
        {"id": "w1", "kind": kind, "host": "h", "pid": 1, "started_at": utc_now(), "supervisor": supervisor}
    )
    assert is_orphan(lease, worker_lease, supervisor_lease) is expected
