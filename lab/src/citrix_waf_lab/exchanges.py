r"""Exchange files: requests with the answers that a source says they get.

A file is JSON lines. The first is its head, each further one an exchange; they are run
in order against one fresh lab. Head::

    {"format": 1, "about": "...", "seed": 1, "appliances": 1, "control": [...]}

Exchange (only ``name``, ``service``, ``request``, ``expect`` are required)::

    {"name": "login-json",              unique in the file, kebab-case
     "about": "...",                    one sentence, for people
     "mark": "recorded", "source": "telegraf#11478",
     "service": "adc1",                 "threatq", "control" or an appliance's name
     "fresh": true,                     put the lab back to its start first
     "at": "2026-01-05T08:00:00+00:00", set the lab's clock first
     "control": [["PUT", "/dialect", {"dataset_limit": 3}], ["POST", "/reset"]],
     "request": {"method": "PUT", "target": "/nitro/v1/config/x?args=a:b",
                 "headers": {"Content-Type": "application/json"},
                 "json": {...}},        or "body": "text", or "base64": "..."; or none
     "expect": {"status": "201 Created",
                "headers": {"Server": "Apache", "X-Absent": null,
                            "Set-Cookie": ["a=b", "c=d"]},
                "body": "exact text"}}  or "json": {...}, or "base64"; or none

Only the headers named are compared: null means absent, a list means so many of that
name, in order. ``Content-Length`` may be named, in process too. ``body`` is compared
byte by byte, ``json`` member by member in any order; in ``json`` a member or last
element ``"..."`` allows further ones. Without any of these the body is not compared.

Placeholders, in every text of ``control``, ``request`` and ``expect``:

- ``<<name>>``: the text bound to it. Bound from the start: ``threatq.client_id``,
  ``threatq.username``, ``threatq.password``, ``threatq.private.client_id``,
  ``threatq.private.client_secret``, ``threatq.basic`` (the private pair as Basic
  credentials), ``adc1.username``, ``adc1.password``, ``adc1.basic`` (likewise for
  each appliance), ``wrong`` (a text that is no credential).
- ``<<name:regex>>`` (``expect`` only): must match, and is bound for what follows; a
  name that is bound already must have the same text. ``<<_:regex>>`` binds nothing.
- ``<<name|quote>>``: its percent-encoding; ``"<<name|json>>"`` as a whole JSON string:
  the text as JSON, so as to send a number that was read. A placeholder that is a whole
  string in ``expect.json`` also matches a number, true, false or null by its JSON text.
"""
