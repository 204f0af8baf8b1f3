"""What people were told of, so that they are told once and not by every run."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import msgspec

from tq_conn_citrix_waf.log import log
from tq_conn_citrix_waf.reading import read_file
from tq_conn_citrix_waf.store.files import write_private

FILE_NAME = "tq-conn-citrix-waf.messages"


class Told(msgspec.Struct, frozen=True):
    """When people were told last of something, UTC, and in which words.

    ``over`` says that they were told as well that it is over.
    """

    at: Annotated[datetime, msgspec.Meta(tz=True)]
    what: str
    over: bool = False


Sent = dict[str, dict[str, Told]]
"""By the way that it went, and by what was told."""


def read_sent(directory: Path) -> Sent:
    """Return what was sent; a damaged file is as if nothing had been."""
    path = directory / FILE_NAME
    try:
        return msgspec.json.decode(read_file(path), type=Sent)
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError) as error:
        log.warning("%s is damaged (%s): it is begun anew", path, error)
        return {}


def write_sent(directory: Path, sent: Sent) -> None:
    """Keep what was sent.

    Raises:
        StateError: it was not kept.
    """
    write_private(directory / FILE_NAME, msgspec.json.encode(sent))
