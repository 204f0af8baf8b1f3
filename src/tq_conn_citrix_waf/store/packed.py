"""What is on its way to the ledger's file, packed and named by its digests."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from tq_conn_citrix_waf.core.dataset import Dataset
from tq_conn_citrix_waf.core.model import Rejections
from tq_conn_citrix_waf.core.ranges import Family, Ranges
from tq_conn_citrix_waf.store.columns import (
    pack_dataset,
    pack_ids,
    pack_ranges,
    pack_rejections,
    unpack_ids,
    unpack_ranges,
)
from tq_conn_citrix_waf.store.records import Generation

if TYPE_CHECKING:
    from array import array


@dataclass(frozen=True, slots=True)
class Kept:
    """A generation on its way to the file; its columns are packed."""

    number: int
    collection: str
    family: Family
    at: datetime
    entries: int
    wanted: bytes
    ids: bytes
    left_out: bytes

    @property
    def digests(self) -> tuple[bytes, bytes]:
        """Name its content; what is left out of it may change and it stays the same."""
        return digest_of(self.wanted), digest_of(self.ids)

    def generation(self) -> Generation:
        """Return it as it will be read."""
        wanted, ids = unpack_ranges(self.wanted), unpack_ids(self.ids)
        return Generation(self.number, self.collection, self.at, wanted, ids)


def kept(
    collection: str,
    wanted: Ranges,
    ids: "array[int]",
    at: datetime,
    left_out: Rejections,
) -> Kept:
    """Pack a generation; its number is still to be given."""
    packed = pack_ranges(wanted), pack_ids(ids), pack_rejections(left_out)
    return Kept(0, collection, wanted.family, at, len(wanted), *packed)


@dataclass(frozen=True, slots=True)
class Seen:
    """A data set on its way to the file, packed."""

    family: Family
    at: datetime
    data: bytes


def seen(dataset: Dataset, at: datetime) -> Seen:
    """Pack a data set."""
    return Seen(dataset.family, at, pack_dataset(dataset))


def digest_of(data: bytes) -> bytes:
    """Name some bytes."""
    return hashlib.sha256(data).digest()
