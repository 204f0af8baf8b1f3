"""Probes of a NetScaler: data sets, values, arrays. All on the scratch set."""

from collections.abc import Callable

from contract.ask import Heard
from contract.box import BINDINGS, LIST, Box, address
from contract.sheet import Sight, Unseen, seen

_MOST_BOUND = 12_000
_MOST_COMMENT = 4096
_MOST_ARRAY = 1024
_BATCH = 1000


def see_dataset_limit(box: Box) -> Sight:
    if not box.thorough:
        return Unseen("filling a set to the brim (--thorough)")
    box.fresh()
    for start in range(0, _MOST_BOUND, _BATCH):
        heard = box.many([address(n) for n in range(start, start + _BATCH)])
        if not heard.good:
            count = len(box.rows())
            return seen(count) if count else Unseen("arrays")
    return Unseen(f"more than {_MOST_BOUND} values")


def see_absent_set_status(box: Box) -> Sight:
    return seen(box.ask("GET", f"policydataset/{box.name}_absent").status)


def see_existing_set_status(box: Box) -> Sight:
    box.fresh()
    made = {"policydataset": {"name": box.name, "type": "ipv4"}}
    return seen(box.ask("POST", "policydataset", made).status)


def _twice(box: Box) -> Heard:
    box.fresh()
    box.bound(address(1))
    return box.bind(address(1))


def see_duplicate_code(box: Box) -> Sight:
    return seen(_twice(box).code or 0)


def see_duplicate_status(box: Box) -> Sight:
    return seen(_twice(box).status)


def _overlap(box: Box) -> Heard | None:
    box.fresh()
    if not _any_range(box):
        return None
    return box.bind("203.0.113.5")


def _any_range(box: Box) -> bool:
    """Bind 203.0.113.0 to .7 in a way that the build takes."""
    if box.bind("203.0.113.0/29").good:
        return True
    return box.bind("203.0.113.0", endrange="203.0.113.7").good


def see_overlap_code(box: Box) -> Sight:
    heard = _overlap(box)
    return Unseen("subnets and ranges") if heard is None else seen(heard.code or 0)


def see_overlap_status(box: Box) -> Sight:
    heard = _overlap(box)
    return Unseen("subnets and ranges") if heard is None else seen(heard.status)


def _absent(box: Box) -> Heard:
    box.fresh()
    return box.unbind(address(1))


def see_absent_value_code(box: Box) -> Sight:
    return seen(_absent(box).code or 0)


def see_absent_value_status(box: Box) -> Sight:
    return seen(_absent(box).status)


def see_wrong_family(box: Box) -> Sight:
    box.fresh()
    return seen("element" if box.bind("2001:db8::1").code == 2866 else "format")  # noqa: PLR2004  # NREF: invalid element


def see_cidr(box: Box) -> Sight:
    box.fresh()
    good = box.bind("203.0.113.0/29").good
    return seen("accepted" if good else "refused")


def see_endrange(box: Box) -> Sight:
    box.fresh()
    good = box.bind("203.0.113.0", endrange="203.0.113.7").good
    return seen("accepted" if good else "unknown")


def see_endrange_on_single(box: Box) -> Sight:
    box.fresh()
    if not box.bind("203.0.113.0", endrange="203.0.113.7").good:
        return Unseen("endrange")
    good = box.bind("203.0.113.9", endrange="203.0.113.9").good
    return seen("accepted" if good else "refused")


def see_endrange_misuse_code(box: Box) -> Sight:
    box.fresh()
    if not box.bind("203.0.113.16", endrange="203.0.113.17").good:
        return Unseen("endrange")
    if not box.bind("203.0.113.32/29").good:
        return Unseen("subnets")
    return seen(box.bind("203.0.113.0/29", endrange="203.0.113.9").code or 0)


def see_echo_subnet(box: Box) -> Sight:
    box.fresh()
    if not box.bind("203.0.113.5/29").good:
        return Unseen("subnets")
    masked = box.rows()[0]["value"] == "203.0.113.0/29"
    return seen("masked" if masked else "as bound")


def see_echo_ipv6(box: Box) -> Sight:
    box.fresh("ipv6")
    box.bound("2001:0db8:0:0::1")
    short = box.rows()[0]["value"] == "2001:db8::1"
    return seen("compressed" if short else "as bound")


def see_unbind_spelling(box: Box) -> Sight:
    """Unbind by a spelling that is neither the one bound nor the one shown."""
    box.fresh("ipv6")
    box.bound("2001:0db8:0:0::1")
    good = box.unbind("2001:db8:0:0:0:0:0:1").good
    return seen("any" if good else "bound or echoed")


def see_comment(box: Box) -> Sight:
    box.fresh()
    if not box.bind(address(1), comment="x").good:
        # Also where no comment at all is short enough.
        return seen("refused")
    return seen("returned" if box.rows()[0].get("comment") == "x" else "hidden")


def see_comment_limit(box: Box) -> Sight:
    box.fresh()
    if not box.bind(address(1), comment="x").good:
        return Unseen("comments")

    def takes(length: int) -> bool:
        box.unbind(address(2))
        return box.bind(address(2), comment="x" * length).good

    if takes(_MOST_COMMENT):
        return Unseen(f"comments over {_MOST_COMMENT}")
    return seen(_largest(takes, 1, _MOST_COMMENT))


def _largest(takes: Callable[[int], bool], good: int, bad: int) -> int:
    """Return the largest number that is taken, between one that is and one not."""
    while bad - good > 1:
        middle = (good + bad) // 2
        if takes(middle):
            good = middle
        else:
            bad = middle
    return good


def see_dynamic(box: Box) -> Sight:
    box.drop()
    made = {"name": box.name, "type": "ipv4", "dynamic": "NO"}
    good = box.ask("POST", "policydataset", {"policydataset": made}).good
    box.fresh()
    return seen("accepted" if good else "unknown")


def see_index_mixing(box: Box) -> Sight:
    box.fresh()
    box.bound(address(1), index="1")
    return seen("allowed" if box.bind(address(2)).good else "refused")


def _arrays(box: Box) -> bool:
    box.fresh()
    return box.many([address(1), address(2)]).good


def see_array_bulk(box: Box) -> Sight:
    if _arrays(box):
        return seen("accepted")
    box.fresh()
    alone = box.many([address(1)]).good  # a limit of one is a limit
    return seen("accepted" if alone else "refused")


def see_bulk_limit(box: Box) -> Sight:
    def takes(count: int) -> bool:
        box.fresh()
        heard = box.many([address(n) for n in range(count)])
        # What is refused one by one was read all the same.
        return heard.good or "response" in heard.json

    if not takes(1):
        return Unseen("arrays")
    if takes(_MOST_ARRAY):
        return seen(0)
    return seen(_largest(takes, 1, _MOST_ARRAY))


def see_bulk_json_answer(box: Box) -> Sight:
    box.fresh()
    heard = box.many([address(1)])
    if not heard.good:
        return Unseen("arrays")
    return seen("done" if heard.body.strip() else "empty")


def see_exit_answer(box: Box) -> Sight:
    if not _arrays(box):
        return Unseen("arrays of three")
    heard = box.many([address(3), address(1), address(4)], onerror="exit")
    entries = heard.json.get("response")
    if not isinstance(entries, list):
        return Unseen("arrays of three")
    return seen("stops" if len(entries) == 2 else "1265")  # noqa: PLR2004  # up to the failed


def see_bulk_unbind(box: Box) -> Sight:
    box.fresh()
    box.bound(address(1))
    item = {BINDINGS: {"name": box.name, "value": address(1)}}
    good = box.ask("POST", f"{BINDINGS}?action=unbind", item).good
    return seen("accepted" if good else "refused")


def see_unbind_onerror(box: Box) -> Sight:
    """Unbind three of which the first is not bound, going on."""
    if not _arrays(box):
        return Unseen("arrays of three")
    absent = [address(9), address(1), address(2)]
    heard = box.many(absent, query="?action=unbind", kind=LIST)
    if not isinstance(heard.json.get("response"), list):
        return Unseen("?action=unbind for arrays of three")
    return seen("ignored" if box.rows() else "obeyed")


def see_unencoded_args(box: Box) -> Sight:
    box.fresh("ipv6")
    box.bound("2001:db8::1")
    good = box.unbind("2001:db8::1", encoded=False).good
    return seen("accepted" if good else "refused")
