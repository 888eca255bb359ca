"""Pages are cut by count and by bytes."""

import pytest

from onduty_server.rpc.pages import PAGE_BYTES, cut_by


@pytest.mark.parametrize(
    ("sizes", "count", "told"),
    [
        ([1] * 5, 3, 3),
        ([1] * 3, 3, 3),
        ([PAGE_BYTES // 2] * 5, 100, 2),
        ([PAGE_BYTES * 3, 1], 100, 1),
        ([], 100, 0),
    ],
)
def test_page_is_cut_by_count_and_by_bytes(sizes: list[int], count: int, told: int):
    """As many as were asked for, and no more than fit in the bytes of a page; one is told however large it is."""
    page, more = cut_by(iter(sizes), count, lambda size: size)
    assert (page, more) == (sizes[:told], told < len(sizes))
