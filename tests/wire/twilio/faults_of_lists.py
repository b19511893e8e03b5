"""Judge the envelope of a page, in either of the vendor's two styles."""

from collections.abc import Iterator

OF_PAGES_2010 = {
    "end",
    "first_page_uri",
    "last_page_uri",
    "next_page_uri",
    "num_pages",
    "page",
    "page_size",
    "previous_page_uri",
    "start",
    "total",
    "uri",
}
URLS_V1 = ("first_page_url", "url", "next_page_url", "previous_page_url")


def faults_of_list(body: dict[str, object], base: str, path: str) -> Iterator[str]:
    if "next_page_uri" in body:
        yield from _faults_2010(body, path)
    elif isinstance(body.get("meta"), dict):
        yield from _faults_v1(body, base, path)


def _faults_2010(body: dict[str, object], path: str) -> Iterator[str]:
    """Addresses are relative, and the SDKs find the list as the one key that is none of the envelope's."""
    others = body.keys() - OF_PAGES_2010
    if len(others) != 1:
        yield f"a page should have one key beside its envelope, but has {sorted(others)}"
    for key in ("uri", "first_page_uri", "next_page_uri", "previous_page_uri"):
        address = body.get(key)
        if address is not None and str(address).partition("?")[0] != path:
            yield f"{key} should be relative and on {path}, but is {address!r}"


def _faults_v1(body: dict[str, object], base: str, path: str) -> Iterator[str]:
    meta = body["meta"]
    assert isinstance(meta, dict)
    if not isinstance(body.get(meta.get("key")), list):
        yield f"meta.key should name the list, but is {meta.get('key')!r}"
    for key in URLS_V1:
        address = meta.get(key)
        if key not in meta:
            yield f"meta.{key} is missing"
        elif address is not None and str(address).partition("?")[0] != base + path:
            yield f"meta.{key} should be absolute and on {base}{path}, but is {address!r}"
    for key in ("page", "page_size"):
        if not isinstance(meta.get(key), int):
            yield f"meta.{key} should be a number, but is {meta.get(key)!r}"
