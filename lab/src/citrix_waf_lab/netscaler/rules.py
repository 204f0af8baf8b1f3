"""The dialect in force for one request, read once.

A bulk of hundreds of objects must not look up each switch hundreds of times.
"""

from dataclasses import dataclass

from citrix_waf_lab.dialects import Dialect
from citrix_waf_lab.netscaler.vocabulary import OVERLAP_TEXT, Refusal


@dataclass(frozen=True, slots=True)
class Rules:
    """The answers of the switches about data sets and bulks.

    ``comment``, ``duplicate`` … are named as their switches are; a switch with two
    answers is a flag named after the first one.
    """

    limit: int
    cidr: bool
    endrange: bool
    endrange_on_single: bool
    endrange_misuse: int
    by_format: bool
    masked: bool
    compressed: bool
    any_spelling: bool
    comment_known: bool
    comment_shown: bool
    comment_limit: int
    dynamic: bool
    index_mixing: bool
    numbers_as_text: bool
    duplicate: int
    overlap: int
    absent: int

    @classmethod
    def of(cls, dialect: Dialect) -> "Rules":
        """Read the dialect."""
        return cls(
            limit=int(dialect.number("dataset_limit")),
            cidr=dialect["cidr"] == "accepted",
            endrange=dialect["endrange"] == "accepted",
            endrange_on_single=dialect["endrange_on_single"] == "accepted",
            endrange_misuse=int(dialect.number("endrange_misuse_code")),
            by_format=dialect["wrong_family"] == "format",
            masked=dialect["echo_subnet"] == "masked",
            compressed=dialect["echo_ipv6"] == "compressed",
            any_spelling=dialect["unbind_spelling"] == "any",
            comment_known=dialect["comment"] != "refused",
            comment_shown=dialect["comment"] == "returned",
            comment_limit=int(dialect.number("comment_limit")),
            dynamic=dialect["dynamic"] == "accepted",
            index_mixing=dialect["index_mixing"] == "allowed",
            numbers_as_text=dialect["numbers"] == "text",
            duplicate=int(dialect.number("duplicate_code")),
            overlap=int(dialect.number("overlap_code")),
            absent=int(dialect.number("absent_value_code")),
        )

    def duplicated(self) -> Refusal:
        """The very same span is bound already."""
        return Refusal(self.duplicate, switch="duplicate_status")

    def overlapping(self) -> Refusal:
        """Another span that is bound shares a value with this one."""
        return Refusal(self.overlap, text=OVERLAP_TEXT, switch="overlap_status")

    def unbound(self) -> Refusal:
        """What should be unbound is not bound."""
        return Refusal(self.absent, switch="absent_value_status")

    def full(self) -> Refusal:
        """The set holds as many bindings as it can."""
        # The table's text has the documented figure in it; that it follows another
        # limit is inferred.
        text = f"Cannot bind more than {self.limit} patterns to a patset/dataset"
        return Refusal(2900, text=text)
