"""What a client can see of connectors; most of it is inferred."""

from citrix_waf_lab.quirks import Quirk

CONNECTORS: tuple[Quirk, ...] = (
    Quirk(
        "connector-columns",
        "A connector has the columns of the SDK's Feed.",
        "client code",
        "threatqsdk 1.8.0",
        "connector-by-id",
    ),
    Quirk(
        "connector-by-name",
        "A list filtered by name is an array, empty when nobody bears the name.",
        "client code",
        "threatqsdk 1.8.0",
        "no-connector-yet",
    ),
    Quirk(
        "connector-list",
        "All connectors are listed with limit and with=category,tlp.",
        "client code",
        "threatqsdk 1.8.0",
        "connectors-with-category",
    ),
    Quirk(
        "connector-switch",
        "PUT with is_active switches a connector and answers with it.",
        "client code",
        "threatqsdk 1.8.0",
        "connector-switched-on",
    ),
    Quirk(
        "is-active-forms",
        "is_active reads as a truth value, a number or a word.",
        "inferred",
        "threatqsdk 1.8.0",
        "is-active-as-a-digit",
    ),
    Quirk(
        "connector-create",
        "POST with name, category, custom_fields and indicator_status_id creates a "
        "connector, switched off.",
        "inferred",
        "no source",
        "connector-created",
    ),
    Quirk(
        "connector-parts",
        "Name, category and custom_fields are required; custom_fields are {key, "
        "label, type, value}.",
        "inferred",
        "no source",
        "connector-without-fields",
    ),
    Quirk(
        "connector-name-once",
        "A name is taken once.",
        "inferred",
        "no source",
        "connector-name-taken",
    ),
    Quirk(
        "connector-refused",
        "Creation may be refused with 403, 404, 405 or 422.",
        "inferred",
        "vendor guide asks for a role",
        "create-refused-403",
    ),
    Quirk(
        "custom-fields-shapes",
        "custom_fields read back as a list, an object by key or by label, or JSON "
        "text.",
        "inferred",
        "no source",
        "form-by-key",
    ),
    Quirk(
        "form-values",
        "What a person enters in the form is the value of the field of that label.",
        "inferred",
        "vendor guide",
        "form-filled-in",
    ),
    Quirk(
        "secret-fields",
        "A password reads back plain, masked or not at all.",
        "inferred",
        "no source",
        "password-masked",
    ),
    Quirk(
        "checkbox-forms",
        "A checkbox reads back as a truth value, a number or a word.",
        "inferred",
        "no source",
        "checkbox-on",
    ),
    Quirk(
        "last-run",
        "last_import_at and last_import_count can be written.",
        "inferred",
        "threatqsdk 1.8.0",
        "last-run-written-back",
    ),
    Quirk(
        "status-id",
        "The status prompt becomes indicator_status_id.",
        "inferred",
        "vendor guide; threatqsdk 1.8.0",
        "status-review",
    ),
)
