"""The sources of never-block networks, each with what reads it.

1. What a person named is read whole or not at all: a safe list with a hole is none.
2. What is found out without being asked (the appliance's addresses, this host's,
   ThreatQ's) is taken where it can be had; where not, that is said.
3. Status, score and expiry of an indicator in a never-block collection mean nothing:
   whoever wants an address to be blocked again takes it out of the collection.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from tq_conn_citrix_waf.core.addresses import read_any
from tq_conn_citrix_waf.core.networks import Widest, read_lines
from tq_conn_citrix_waf.core.normalise import ADDRESS_TYPES
from tq_conn_citrix_waf.core.ports import Clock, Source
from tq_conn_citrix_waf.core.ranges import AddressRange
from tq_conn_citrix_waf.core.safelist import ALLOWED_NAME
from tq_conn_citrix_waf.errors import (
    ConfigurationError,
    DatasetMissingError,
    DatasetTypeError,
    SourceEmptyError,
    SourceIncompleteError,
    TargetFaultError,
)
from tq_conn_citrix_waf.log import log
from tq_conn_citrix_waf.netscaler.dataset import BlockList
from tq_conn_citrix_waf.netscaler.nitro import Nitro
from tq_conn_citrix_waf.netscaler.node import peers
from tq_conn_citrix_waf.netscaler.own import own_addresses
from tq_conn_citrix_waf.reading import cure, read_file
from tq_conn_citrix_waf.run.hosts import Hosts
from tq_conn_citrix_waf.run.lists import Lists, networks
from tq_conn_citrix_waf.run.protected import Origin
from tq_conn_citrix_waf.run.warninglists import read_warning_list
from tq_conn_citrix_waf.store.allowed import allowed

_LONGEST = 60
_MOST = 16 * 2**20
"""Bytes of a list: 100,000 networks of 39 characters, each with as long a remark, take
8 million."""
"""So much of a value is shown."""
BY_HAND = "write it into [never_block] management, if it is to be protected"


@dataclass(frozen=True, slots=True)
class Around:
    """What is found out by asking the appliance and this host.

    Attributes:
        nitro: an open session with the appliance; the caller closes it.
        appliance, threatq: their URLs.
    """

    nitro: Nitro
    appliance: str
    threatq: str
    clock: Clock
    hosts: Hosts


def here(lists: Lists, now: datetime) -> Iterator[Origin]:
    """Yield what ``allow`` keeps, and what the configuration file says or names."""
    yield Origin(
        ALLOWED_NAME,
        lambda: [one.range for one in allowed(lists.directory, now)],
        lock_out=True,
    )
    yield Origin("management networks", lambda: lists.management, lock_out=True)
    yield Origin("health probes", lambda: lists.probes, lock_out=True)
    for name, strength in lists.files:
        read = _File(lists.directory / name, lists.widest)
        yield Origin(f"file {name}", read, strength, copied=True)
    for name, strength in lists.misp:
        listed = _WarningList(name, lists.widest)
        yield Origin(f"MISP {name}", listed, strength, copied=True)


def in_threatq(lists: Lists, source: Source) -> Iterator[Origin]:
    """Yield the never-block data collections."""
    for name in lists.collections:
        read = _Collection(source, name, lists.widest)
        yield Origin(f"data collection {name}", read, copied=True)


def nearby(lists: Lists, place: Around) -> Iterator[Origin]:
    """Yield what the appliance and this host know."""
    for name in lists.data_sets:
        read = _DataSet(place, name, lists.widest)
        yield Origin(f"data set {name}", read, copied=True)
    nitro, hosts = place.nitro, place.hosts
    yield Origin(
        "the NetScaler's own addresses", lambda: own_addresses(nitro), needed=True
    )
    yield Origin(
        "the other node of the pair",
        lambda: networks(peer.address for peer in peers(nitro)),
        lock_out=True,
    )
    yield Origin(
        "this host",
        lambda: _this_host(place.appliance, hosts),
        lock_out=True,
        needed=True,
    )
    yield Origin("ThreatQ", lambda: _host(place.threatq, hosts), needed=True)


def _this_host(appliance: str, hosts: Hosts) -> Iterable[AddressRange]:
    own = hosts.towards(urlsplit(appliance).hostname or "")
    if not own:
        log.warning("the address of this host is not known: %s", BY_HAND)
    return networks(own)


def _host(url: str, hosts: Hosts) -> Iterable[AddressRange]:
    name = urlsplit(url).hostname or ""
    found = hosts.of(name)
    if not found:
        log.warning("%s is resolved to no address: %s", name, BY_HAND)
    return networks(found)


@dataclass(frozen=True, slots=True)
class _File:
    path: Path
    widest: Widest

    def __call__(self) -> list[AddressRange]:
        path = self.path
        try:
            text = read_file(path, _MOST).decode("utf-8-sig")
        except OSError as error:
            raise ConfigurationError(
                f"the never-block list {path} cannot be read: {error.strerror}",
                f"{cure(error)}, or take it out of the configuration file",
            ) from error
        except ValueError as error:  # not UTF-8, or a NUL in the name
            raise ConfigurationError(
                f"the never-block list {path} is no UTF-8 text", "save it as UTF-8"
            ) from error
        return read_lines(text, f"the never-block list {path}", self.widest)


@dataclass(frozen=True, slots=True)
class _WarningList:
    name: str
    widest: Widest

    def __call__(self) -> list[AddressRange]:
        return read_warning_list(self.name, self.widest)


@dataclass(frozen=True, slots=True)
class _Collection:
    source: Source
    name: str
    widest: Widest

    def __call__(self) -> list[AddressRange]:
        found, other, empty = [], 0, True
        for indicator in self.source.collect(self.name, 0):
            empty = False
            if indicator.type not in ADDRESS_TYPES:
                other += 1
                continue
            network = read_any(indicator.value)
            fault = "no address" if network is None else self.widest.fault(network)
            if network is None or fault:
                raise SourceIncompleteError(
                    f"the never-block collection {self.name!r}: indicator"
                    f" {indicator.id}, {indicator.value[:_LONGEST]!r}, is {fault}",
                    "correct it in ThreatQ, or take it out of the collection",
                )
            found.append(network)
        if empty:
            raise SourceEmptyError(
                f"the never-block collection {self.name!r} is empty: taken for an"
                " outage",
                "look at it in ThreatQ; if it is no longer needed, take it out of the"
                " configuration file",
            )
        if other:
            words = "never-block collection %r: %d indicators are no addresses and"
            log.warning(f"{words} protect nothing", self.name, other)
        return found


@dataclass(frozen=True, slots=True)
class _DataSet:
    place: Around
    name: str
    widest: Widest

    def __call__(self) -> list[AddressRange]:
        cure = "correct [never_block] data_sets in the configuration file"
        try:
            held = BlockList(self.place.nitro, self.name, self.place.clock).read()
        except (DatasetMissingError, DatasetTypeError) as error:
            raise type(error)(f"never-block: {error.what}", cure) from error
        found = [AddressRange(held.family, *ends) for ends in held.pairs()]
        wrong = [f"{value!r} is no address" for value, *_ in held.unread]
        faults = ((str(r), self.widest.fault(r)) for r in found)
        wrong += [f"{value!r} is {fault}" for value, fault in faults if fault]
        if wrong:
            raise TargetFaultError(
                f"the never-block data set {self.name}: {wrong[0]}",
                "correct it on the NetScaler",
            )
        return found
