"""A stand-in for the vendor's connector: it binds what is missing, marks nothing, and
never takes anything away. Written from the vendor's guide, to be upgraded from.

A program: ``predecessor.py -c DIRECTORY -ll LOGS -v3``. Standard library only.
"""

import json
import sys
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode
from urllib.request import ProxyHandler, Request, build_opener

FILE_NAME = "tq_conn_citrix_waf.conf"
_FORM = "/api/connectors?" + urlencode({"name": "Citrix WAF Connector"})


def ask(method: str, url: str, body: object = None, **headers: str) -> Any:  # noqa: ANN401  # JSON
    """Return the JSON of an answer."""
    sent = None if body is None else json.dumps(body).encode()
    heads = {"Content-Type": "application/json"} | headers
    request = Request(url, sent, heads, method=method)  # noqa: S310  # the lab's
    with build_opener(ProxyHandler({})).open(request, timeout=20) as answer:
        return json.loads(answer.read() or b"{}")


def wanted(own: dict[str, str]) -> tuple[dict[str, Any], list[str]]:
    """Return the form, and the addresses of its data collection."""
    base = own["host"]
    public = urlencode({"grant_type": "password", "client_id": own["client_id"]})
    user = {"email": own["username"], "password": own["password"]}
    token = ask("POST", f"{base}/api/token?{public}", user)["access_token"]
    signed = {"Authorization": f"Bearer {token}"}
    entry = ask("GET", base + _FORM, **signed)["data"][0]
    form = {field["label"]: field["value"] for field in entry["custom_fields"]}
    saved = ask("GET", f"{base}/api/search/query", **signed)["data"]
    (found,) = (one for one in saved if one["name"] == form["Data Collection"])
    stored = found["json"]
    query = json.loads(stored) if isinstance(stored, str) else stored
    page = f"{base}/api/indicators/query?limit=1000&offset=0"
    asked = query["api_query"] | {"fields": ["value", "type"]}
    rows = ask("POST", page, asked, **signed)["data"]
    return form, [row["value"] for row in rows if _type(row) == "IP Address"]


def bind(form: dict[str, Any], values: list[str]) -> None:
    """Bind what is missing, an address a request, and save."""
    nitro = f"http://{form['API IP/Hostname']}/nitro/v1/config"
    who = {"X-NITRO-USER": form["Username"], "X-NITRO-PASS": form["Password"]}
    name, kind = form["IP Block List"], "policydataset_value_binding"
    rows = ask("GET", f"{nitro}/{kind}/{quote(name)}", **who).get(kind, [])
    for value in sorted({*values} - {row["value"] for row in rows}):
        ask("PUT", f"{nitro}/{kind}", {kind: {"name": name, "value": value}}, **who)
    ask("POST", f"{nitro}/nsconfig?action=save", {"nsconfig": {}}, **who)


def _type(row: dict[str, Any]) -> str:
    kind = row["type"]
    return str(kind["name"] if isinstance(kind, dict) else kind)


if __name__ == "__main__":
    directory = Path(sys.argv[sys.argv.index("-c") + 1])
    bind(*wanted(json.loads((directory / FILE_NAME).read_text())))
