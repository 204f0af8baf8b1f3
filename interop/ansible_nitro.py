"""Ansible: ``netscaler_nitro_request``, which passes on what a playbook says.

All steps are tasks of one play, for Ansible takes seconds to start. Between them the
play reads the lab's control interface and keeps what it says; it is judged here, when
the play has ended.

Faults of the module's own, which no answer could cure: its ``count`` fails in Python
before it reads the answer, so counting goes through ``get``; its ``update`` takes only
200 for success, so that a binding by PUT (201) is reported as errorcode -1; and where
the status is an error it leaves NITRO's code in ``http_response_data.body``.
"""

import json
from collections.abc import Iterator
from urllib.parse import urlsplit

from interop.ansible_steps import STEPS
from interop.commands import Client, run
from interop.environments import Environment, Needs
from interop.laboratory import Lab, seen_from
from interop.steps import Seen

_MODULE = "community.network.netscaler_nitro_request"
_COLLECTION = "ansible_collections/community/network/"
_LIMIT = 150
"""Seconds for the whole play; it takes 20."""


def play(lab: Lab, result: str) -> list[dict[str, object]]:
    """Return the play: a task a step, and after each what the lab then says.

    Args:
        lab: where the play goes.
        result: the file that it writes, ``[[answer of the module, requests, appliance]
            …]``.
    """
    appliance = lab.appliance
    url = urlsplit(appliance["url"])
    login = {
        "nsip": url.netloc,
        "nitro_protocol": url.scheme,
        "nitro_user": appliance["username"],
        "nitro_pass": appliance["password"],
    }
    control = lab.card["control"]
    tasks: list[dict[str, object]] = []
    for number, step in enumerate(STEPS, 1):
        task = {_MODULE: {**login, **step.call}, "register": f"answer{number}"}
        tasks.append({"name": step.title, **task, "ignore_errors": True})
        look = {
            f"requests{number}": _looked(f"{control}/requests?since=0"),
            f"appliance{number}": _looked(f"{control}/appliances/{appliance['name']}"),
        }
        tasks.append({"ansible.builtin.set_fact": look})
    words = ("answer", "requests", "appliance")
    rows = [", ".join(f"{w}{n + 1}" for w in words) for n in range(len(STEPS))]
    content = f"{{{{ [{', '.join(f'[{row}]' for row in rows)}] | to_json }}}}"
    tasks.append({"ansible.builtin.copy": {"dest": result, "content": content}})
    return [
        {
            "hosts": "localhost",
            "connection": "local",
            "gather_facts": False,
            # Otherwise Ansible looks for some python of the system's.
            "vars": {"ansible_python_interpreter": "{{ ansible_playbook_python }}"},
            "tasks": tasks,
        }
    ]


def _looked(url: str) -> str:
    lookup = f"lookup('ansible.builtin.url', '{url}', split_lines=False)"
    return f"{{{{ {lookup} | from_json }}}}"


def _drive(lab: Lab, place: Environment) -> Iterator[Seen]:
    book, result = lab.home / "play.json", lab.home / "result.json"
    book.write_text(json.dumps(play(lab, str(result))), "utf-8")
    settings = {
        "ANSIBLE_COLLECTIONS_PATH": str(place.parts),
        "ANSIBLE_HOME": str(lab.home / "ansible"),
        "ANSIBLE_LOCALHOST_WARNING": "False",
        "ANSIBLE_NOCOLOR": "True",
    }
    program = place.program("ansible-playbook")
    words = (program, "-i", "localhost,", str(book))
    said = run(lab, words, limit=_LIMIT, settings=settings)
    if not result.exists():
        yield lab.seen(said)
        return
    mark = 0
    for answer, journal, appliance in json.loads(result.read_text("utf-8")):
        fresh = [r for r in journal["requests"] if r["n"] > mark]
        mark = max(r["n"] for r in journal["requests"])
        yield seen_from(answer, fresh, appliance)


ANSIBLE = Client(
    "ansible",
    "Ansible's netscaler_nitro_request (community.network 5.1.0 of ansible 10.7.0,"
    " on ansible-core 2.17.14)",
    Needs("ansible", parts=(("collection", _COLLECTION),)),
    STEPS,
    _drive,
)
