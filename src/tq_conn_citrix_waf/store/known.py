"""The settings that a run had last, without any secret.

Kept so that what must work while ThreatQ is away knows the appliance and its data sets,
and so that a run which never got its settings is in the history all the same.
"""

from pathlib import Path

import msgspec

from tq_conn_citrix_waf.errors import StateError
from tq_conn_citrix_waf.log import log
from tq_conn_citrix_waf.reading import read_file
from tq_conn_citrix_waf.settings import Settings
from tq_conn_citrix_waf.store.files import write_private

FILE_NAME = "tq-conn-citrix-waf.settings"


class Known(msgspec.Struct, frozen=True):
    """What the form and the file said when they could be read last."""

    url: str
    username: str
    collections: tuple[str, ...]
    block_list: str
    ipv6_block_list: str


def known(settings: Settings) -> Known:
    """Return what may be kept of the settings of a run."""
    return Known(
        settings.url,
        settings.username,
        settings.collections,
        settings.block_list,
        settings.ipv6_block_list,
    )


def remember(directory: Path, now: Known) -> None:
    """Keep what a run works with; where it cannot be kept, the run goes on."""
    if recall(directory) == now:
        return
    try:
        write_private(directory / FILE_NAME, msgspec.json.encode(now))
    except StateError as error:
        log.warning("%s", error.what)


def recall(directory: Path) -> Known | None:
    """Return what was kept; None where nothing was, or it cannot be read."""
    try:
        return msgspec.json.decode(read_file(directory / FILE_NAME), type=Known)
    except (OSError, msgspec.DecodeError):
        return None
