"""Every open question about the appliance, with its possible answers."""

from citrix_waf_lab.dialects import Switch

SWITCHES: tuple[Switch, ...] = (
    Switch(
        "dataset_limit",
        5000,
        None,
        "documented",
        "product page on data sets 13.1; error 2900",
        "How many bindings one data set holds.",
    ),
    Switch(
        "save_seconds",
        0.0,
        None,
        "inferred",
        "lab",
        "How long a save of the configuration runs; a second one meanwhile is refused.",
    ),
)
