"""A loaded site whose collection has shrunk past the limit: removals are held."""

import re
from pathlib import Path

import pytest

from support.outside import Site

ADDRESSES = [f"198.18.{n // 250}.{n % 250}" for n in range(200)]


class Held:
    """The site, and what a person types there."""

    def __init__(self, site: Site, capfd: pytest.CaptureFixture[str]) -> None:
        self.site, self.capfd = site, capfd
        site.collection(ADDRESSES)
        assert site.run() == 0
        self.id = self.shrink(100)

    def shrink(self, by: int) -> str:
        """Take the first so many off the collection; return the id of what is held."""
        self.site.collection(ADDRESSES[by:])
        return self.held()

    def held(self) -> str:
        """Run; return the id of what it holds."""
        _, err = self.type(code=5)
        (found,) = set(re.findall(r"approve ([0-9a-f]{8}) ", err))
        return str(found)

    def type(self, *words: str, code: int = 0) -> tuple[str, str]:
        """Return what a command line prints, on both streams."""
        self.capfd.readouterr()
        assert self.site.run(*words) == code
        return self.capfd.readouterr()

    def approve(self, *words: str, code: int = 0) -> str:
        """Say a word to what is held, with a reason."""
        words = ("approve", *(words or (self.id,)), "--reason", "ticket 4711")
        return "".join(self.type(*words, code=code))


@pytest.fixture
def held(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> Held:
    monkeypatch.setenv("SUDO_USER", "ada")
    site = Site(tmp_path)
    site.configure(monkeypatch)
    return Held(site, capfd)
