"""The lab must never be the bottleneck of a measurement.

Measured in a process of its own, so that no coverage tracer is measured with it.
"""

import subprocess
import sys

import pytest

BULKS = """
import json, time
from citrix_waf_lab.lab import Lab
from citrix_waf_lab.wire import Request
lab = Lab(seed=1)
lab.dialect.set({"dataset_limit": 100_000})
box, state = lab.appliances["adc1"], lab.appliance_states["adc1"]
state.put_dataset("bl4", "ipv4", [])
login = lab.credentials.appliances["adc1"]
resource = "policydataset_value_binding"
headers = (
    ("X-NITRO-USER", login.username), ("X-NITRO-PASS", login.password),
    ("X-NITRO-ONERROR", "continue"), ("Accept", "application/json"),
    ("Content-Type", f"application/vnd.com.citrix.netscaler.{resource}_list+json"),
)
path = f"/nitro/v1/config/{resource}"
def value(i): return f"{1 + i % 200}.{i // 200 % 256}.{i // 51_200}.{i * 7 % 256}"
def bulk(n):
    some = range(n * 200, n * 200 + 200)
    objects = [
        {"name": "bl4", "value": value(i), "comment": "tq-waf:0000000f:20260105"}
        for i in some
    ]
    body = json.dumps({resource: objects}).encode()
    return Request("PUT", path, "", headers, body)
def spent(requests):
    before = time.process_time()
    answers = [box(request) for request in requests]
    after = time.process_time()
    assert all(answer.status in (200, 201) for answer in answers), answers[0]
    return after - before, answers
"""

READING = """
spent([bulk(n) for n in range(500)])
seconds, answers = spent([Request("GET", path + "/bl4", "", headers)])
assert answers[0].body.count(b'"index"') == 100_000
print(seconds)
"""

RUNS = {
    "bulks": ("print(spent([bulk(n) for n in range(250)])[0])", 0.5),
    "reading": (
        READING,
        1.0,
    ),
}


@pytest.mark.parametrize("name", RUNS)
def test_an_appliance_answers_faster_than_anybody_asks(name: str) -> None:
    program, most = RUNS[name]
    done = subprocess.run(  # noqa: S603 -- our own program above
        [sys.executable, "-c", BULKS + program],
        capture_output=True,
        text=True,
        check=False,
        env={},
    )
    assert done.returncode == 0, done.stderr
    assert float(done.stdout) <= most
