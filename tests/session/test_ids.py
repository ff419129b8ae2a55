"""Fresh ids: UUIDs of version 4, none twice, from as many threads as like."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

from workbench.session.ids import AT_ONCE, fresh_id


def test_ids_are_uuids_of_version_4_and_none_comes_twice() -> None:
    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(lambda _: fresh_id(), range(4 * AT_ONCE)))
    assert len(set(made)) == len(made)
    assert all(str(UUID(one)) == one and UUID(one).version == 4 for one in made)
