"""What a person does in the two user interfaces, through the control interface."""

import argparse
import http.client
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from citrix_waf_lab.serving import last_card

if TYPE_CHECKING:
    from citrix_waf_lab.cli.up import Commands

_FIELDS = {
    "host": "API IP/Hostname",
    "username": "Username",
    "password": "Password",
    "collection": "Data Collection",
    "block_list": "IP Block List",
}


class _Lab:
    """A running lab, by its card."""

    def __init__(self, file: Path | None) -> None:
        try:
            self.card: dict[str, Any] = json.loads((file or last_card()).read_text())
        except (OSError, ValueError) as flaw:
            raise _WrongError(
                f"no running lab found ({flaw}); start one with: citrix-waf-lab up"
            ) from flaw

    def call(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401 -- JSON
        """Make one control call; return its JSON answer."""
        host = urlsplit(self.card["control"])
        link = http.client.HTTPConnection(str(host.hostname), host.port, timeout=60)
        try:
            link.request(method, path, None if body is None else json.dumps(body))
            answer = link.getresponse()
            told = json.loads(answer.read())
        except OSError as flaw:
            raise _WrongError(f"the lab does not answer: {flaw}") from flaw
        finally:
            link.close()
        if answer.status >= http.client.BAD_REQUEST:
            raise _WrongError(str(told["error"]))
        return told

    def appliance(self, name: str | None) -> dict[str, Any]:
        """Return the card of an appliance, by default the first one."""
        there: list[dict[str, Any]] = self.card["appliances"]
        found = next((one for one in there if name in (None, one["name"])), None)
        if found is None:
            names = ", ".join(one["name"] for one in there)
            raise _WrongError(f"no appliance {name!r}; there are: {names}")
        return found


class _WrongError(Exception):
    """What a person asked for cannot be done; the text says why."""


def offer(commands: "Commands") -> None:
    """Add these commands to the parser."""
    lab = argparse.ArgumentParser(add_help=False)
    lab.add_argument("--lab", type=Path, metavar="FILE", help="a lab's ready file")
    box = argparse.ArgumentParser(add_help=False)
    box.add_argument("--appliance", metavar="NAME", help="by default the first one")

    def command(name: str, about: str, *parents: argparse.ArgumentParser) -> Any:  # noqa: ANN401 -- a parser
        return commands.add_parser(name, help=about, parents=[lab, *parents])

    show = command("show", "Print what both systems hold, as JSON.", box)
    show.add_argument("set", nargs="?", help="this data set alone, an entry a line")
    show.set_defaults(handler=_handled(_show))
    form = command("form", "Fill in a connector's form in ThreatQ.", box)
    form.add_argument("--connector", metavar="NAME", help="by default the only one")
    for option in _FIELDS:
        form.add_argument("--" + option.replace("_", "-"))
    form.add_argument("--https", action=argparse.BooleanOptionalAction)
    form.add_argument("--enabled", action=argparse.BooleanOptionalAction)
    form.set_defaults(handler=_handled(_form))
    make = command("collection", "Make or replace a data collection.")
    add = command("add", "Add indicators to a data collection.")
    for parser in (make, add):
        parser.add_argument("--type", default="IP Address")
        parser.add_argument("--status", default="Active")
        parser.add_argument("--score", type=int, default=5)
    make.set_defaults(handler=_handled(_make))
    add.set_defaults(handler=_handled(_add))
    remove = command("remove", "Take indicators out of a data collection.")
    remove.set_defaults(handler=_handled(_remove))
    for parser in (make, add, remove):
        parser.add_argument("name", help="the data collection")
        parser.add_argument("value", nargs="*" if parser is make else "+")
    bind = command("bind", "Bind values to a data set, made if missing.", box)
    bind.add_argument("--comment")
    bind.add_argument("--type", help="of a set that is made; by default ipv4")
    bind.set_defaults(handler=_handled(_bind))
    unbind = command("unbind", "Unbind values from a data set.", box)
    unbind.set_defaults(handler=_handled(_unbind))
    bind.add_argument("set")
    unbind.add_argument("set")
    bind.add_argument("value", nargs="*", help="an address, a subnet, or first-last")
    unbind.add_argument("value", nargs="+")
    reboot = command("reboot", "Restart an appliance.", box)
    reboot.set_defaults(handler=_handled(_reboot))


def _handled(doing: Any) -> Any:  # noqa: ANN401 -- from and to a handler
    def handler(options: argparse.Namespace) -> int:
        try:
            doing(_Lab(options.lab), options)
        except _WrongError as wrong:
            print(f"citrix-waf-lab: {wrong}", file=sys.stderr)
            return 2
        return 0

    return handler


def _show(lab: _Lab, options: argparse.Namespace) -> None:
    if options.set is not None:
        _show_set(lab, options)
        return
    views = {
        one["name"]: lab.call("GET", f"/appliances/{quote(one['name'], safe='')}")
        for one in lab.card["appliances"]
    }
    held = {"connectors": lab.call("GET", "/threatq/connectors"), "appliances": views}
    print(json.dumps(held, indent=2))


def _show_set(lab: _Lab, options: argparse.Namespace) -> None:
    name = lab.appliance(options.appliance)["name"]
    view = lab.call("GET", f"/appliances/{quote(name, safe='')}")
    held = view["datasets"].get(options.set)
    if held is None:
        there = ", ".join(map(repr, view["datasets"])) or "none"
        raise _WrongError(f"no data set {options.set!r} on {name}; there are: {there}")
    for one in held["bindings"]:
        value = "-".join(one[key] for key in ("value", "endrange") if key in one)
        print(f"{value:<31}  {one.get('comment', '')}".rstrip())


def _form(lab: _Lab, options: argparse.Namespace) -> None:
    form: dict[str, object] = {}
    if options.appliance is not None:
        card = lab.appliance(options.appliance)
        url = urlsplit(card["url"])
        form = {
            "API IP/Hostname": url.netloc,
            "Username": card["username"],
            "Password": card["password"],
            "Use HTTPS": url.scheme == "https",
        }
    for option, label in _FIELDS.items():
        if (value := getattr(options, option)) is not None:
            form[label] = value
    if options.https is not None:
        form["Use HTTPS"] = options.https
    if options.enabled is not None:
        form["enabled"] = options.enabled
    name = options.connector
    if name is None:
        names = [one["name"] for one in lab.call("GET", "/threatq/connectors")]
        if len(names) != 1:
            there = ", ".join(map(repr, names)) or "none"
            raise _WrongError(f"say which with --connector; there are: {there}")
        name = names[0]
    lab.call("PUT", f"/threatq/connectors/{quote(name, safe='')}/form", form)


def _indicators(options: argparse.Namespace) -> list[dict[str, object]]:
    told = {"type": options.type, "status": options.status, "score": options.score}
    return [{"value": value, **told} for value in options.value]


def _collection(options: argparse.Namespace) -> str:
    return f"/threatq/collections/{quote(options.name, safe='')}"


def _make(lab: _Lab, options: argparse.Namespace) -> None:
    lab.call("PUT", _collection(options), {"indicators": _indicators(options)})


def _add(lab: _Lab, options: argparse.Namespace) -> None:
    body = {"add": _indicators(options)}
    lab.call("POST", f"{_collection(options)}/change", body)


def _remove(lab: _Lab, options: argparse.Namespace) -> None:
    body = {"remove": options.value}
    lab.call("POST", f"{_collection(options)}/change", body)


def _edit(
    lab: _Lab, options: argparse.Namespace, kind: str, new: list[dict[str, str]]
) -> None:
    """Replace a set by itself with the values named replaced by new bindings."""
    name = lab.appliance(options.appliance)["name"]
    path = f"/appliances/{quote(name, safe='')}"
    held = lab.call("GET", path)["datasets"].get(options.set)
    if held is None and not new and kind == "":
        raise _WrongError(f"no data set {options.set!r} on {name}")
    held = held or {"type": kind or "ipv4", "bindings": []}
    named = {value.partition("-")[0] for value in options.value}
    kept = [
        {key: one[key] for key in ("value", "endrange", "comment") if key in one}
        for one in held["bindings"]
        if one["value"] not in named
    ]
    body = {"type": held["type"], "bindings": kept + new}
    lab.call("PUT", f"{path}/datasets/{quote(options.set, safe='')}", body)


def _bind(lab: _Lab, options: argparse.Namespace) -> None:
    new = []
    for value in options.value:
        first, _, last = value.partition("-")
        binding = {"value": first}
        if last:
            binding["endrange"] = last
        if options.comment is not None:
            binding["comment"] = options.comment
        new.append(binding)
    _edit(lab, options, options.type or "ipv4", new)


def _unbind(lab: _Lab, options: argparse.Namespace) -> None:
    _edit(lab, options, "", [])


def _reboot(lab: _Lab, options: argparse.Namespace) -> None:
    name = lab.appliance(options.appliance)["name"]
    lab.call("POST", f"/appliances/{quote(name, safe='')}/reboot")
