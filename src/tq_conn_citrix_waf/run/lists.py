"""Which never-block lists the configuration file names."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tq_conn_citrix_waf.config import File
from tq_conn_citrix_waf.core.networks import Widest, read_network
from tq_conn_citrix_waf.core.ranges import AddressRange
from tq_conn_citrix_waf.core.safelist import Strength
from tq_conn_citrix_waf.errors import ConfigurationError
from tq_conn_citrix_waf.settings import Settings


@dataclass(frozen=True, slots=True)
class Lists:
    """Where never-block networks come from, as a person says.

    Attributes:
        directory: where a relative path of a file starts.
        files, misp: names, with their strength.
        collections: names of data collections.
        data_sets: names of data sets on the appliance.
        may_block: what of the built-in list may be blocked.
        management, probes: networks that must reach the site whatever happens.
        widest: what an entry may be.
    """

    directory: Path
    files: tuple[tuple[str, Strength], ...] = ()
    collections: tuple[str, ...] = ()
    data_sets: tuple[str, ...] = ()
    may_block: tuple[AddressRange, ...] = ()
    management: tuple[AddressRange, ...] = ()
    probes: tuple[AddressRange, ...] = ()
    misp: tuple[tuple[str, Strength], ...] = ()
    widest: Widest = field(default_factory=Widest)

    @classmethod
    def of(cls, file: File, settings: Settings | None) -> "Lists":
        """Return what a file says; without settings nothing is held against them.

        Raises:
            ConfigurationError: a list is named as block list and never-block list.
        """
        said = file.sections.get("never_block", {})
        lists = cls(
            directory=file.path.parent,
            files=tuple(_both(said, "files", "show_files")),
            collections=tuple(said.get("collections", ())),
            data_sets=(*said.get("data_sets", ()), *_allow_set(file)),
            may_block=networks(said.get("may_block", ())),
            management=networks(said.get("management", ())),
            probes=networks(said.get("probes", ())),
            misp=tuple(_both(said, "misp", "misp_show")),
            widest=Widest.of(said),
        )
        if settings is not None:
            _apart(lists.collections, settings.collections, "data collection")
            _apart(lists.data_sets, settings.sets.values(), "data set")
        return lists


def _allow_set(file: File) -> tuple[str, ...]:
    """Return the data set with which administrators let through without us."""
    name = file.get("netscaler", "allow_set")
    return (name,) if name else ()


def _both(
    said: Mapping[str, Any], refuse: str, show: str
) -> Iterator[tuple[str, Strength]]:
    """Yield the names in two keys, each with the strength that its key means."""
    for key, strength in ((refuse, Strength.REFUSE), (show, Strength.SHOW)):
        yield from ((str(name), strength) for name in said.get(key, ()))


def networks(texts: Iterable[str]) -> tuple[AddressRange, ...]:
    """Read networks; what is none is left out, the file's were checked before."""
    return tuple(found for text in texts if (found := read_network(text)) is not None)


def _apart(never: Iterable[str], block: Iterable[str], kind: str) -> None:
    both = sorted({*never} & {*block})
    if both:
        raise ConfigurationError(
            f"the {kind} {both[0]} is named to be blocked and under [never_block]",
            "take it out of one of the two",
        )
