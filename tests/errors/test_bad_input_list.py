"""The list of bad input that must have been tried, and the whole runs that try it.

``DONE`` names for each item its tests: a situation of the table of scenarios, which
``test_each_error`` plays, or ``path::name``, to be read from the folder ``tests``.
"""

from pathlib import Path

import pytest

from support.scenarios import SCENARIOS

TESTS = Path(__file__).parents[1]
HERE = "errors/test_bad_input.py::test_"
DISK = "errors/test_disk.py::test_"
TLS = "trust/test_certificates.py::test_a_"

DONE = {
    "malformed addresses of thirty kinds": (HERE + "of_malformed_addresses",),
    "truncated JSON": (
        "the JSON of ThreatQ is truncated",
        "the JSON of the appliance is truncated",
    ),
    "HTML instead of JSON": (
        "HTML comes from ThreatQ instead of JSON",
        "HTML comes from the appliance instead of JSON",
    ),
    "an answer with errors": ("an answer of ThreatQ holds errors",),
    "401 in mid-walk": (
        "401 in the middle of the walk, and again with a fresh token",
        HERE + "a_token_that_expires_in_mid_walk",
    ),
    "an empty page before the total": ("a page is empty before the total",),
    "a cursor that turns back": ("the cursor turns back", "the cursor stands still"),
    "a full set": ("the set is full", HERE + "a_set_that_others_fill"),
    "an overlapping range": (
        "a network is refused, since somebody has just bound a part of it",
        HERE + "a_range_that_a_person_binds_meanwhile_in_a_wanted_network",
    ),
    "a foreign range over wanted addresses": (HERE + "a_foreign_range_over_wanted",),
    "a duplicate": (HERE + "a_value_that_a_person_binds_meanwhile_is_a_duplicate",),
    "session limit": ("the appliance has no session left",),
    "disk full: RLIMIT_FSIZE": (
        DISK + "a_disk_that_is_full_ends_a_first_run",
        DISK + "a_disk_that_is_full_ends_a_run",
        DISK + "a_log_that_gets_no_more_room",
    ),
    "disk full: /dev/full": (
        "the disk of the log is full: the run goes on",
        DISK + "a_screen_that_takes_nothing",
    ),
    "disk full: an OSError in the function that writes": (
        "the disk is full",
        DISK + "whatever_step_of_writing_a_file_fails",
    ),
    "a read-only directory": (
        "the directory is read-only",
        DISK + "a_directory_that_cannot_be_written",
        DISK + "a_log_directory_that_cannot_be_written",
        DISK + "a_first_run_where_nothing_can_be_written",
    ),
    "a configuration file cut in half": (
        "the configuration file is cut in half",
        DISK + "a_configuration_cut_anywhere",
    ),
    "an unknown certificate": (
        "ThreatQ's certificate is unknown",
        "the appliance's certificate is unknown",
        TLS + "bad_certificate",
    ),
    "a changed certificate": (TLS + "certificate_that_changed",),
    "wrong name": (TLS + "bad_certificate",),
}


@pytest.mark.parametrize("item", DONE)
def test_each_item_of_the_list_is_tried_by_a_whole_run(item: str) -> None:
    assert DONE[item]
    situations = {scenario.when for scenario in SCENARIOS}
    for done in DONE[item]:
        path, apart, name = done.partition("::")
        if apart:
            assert f"\ndef {name}" in (TESTS / path).read_text("utf-8"), done
        else:
            assert done in situations
