"""A way to break the program for each law that the machine holds."""

from soak.mutation import APPLY, FORGOTTEN, GUARD, PLAN, UNMARKED_OURS, Mutation, Patch

_SYNC, _CARRY = "run/sync.py", "run/carry.py"
_GATHER, _CONSENTS = "run/gather.py", "store/consents.py"

_NEIGHBOUR: Patch = (
    PLAN,
    "last <= wanted.lasts[at]\n",
    "last < wanted.lasts[at]\n",
)
_NOT_ADDED: Patch = (
    PLAN,
    "        add,\n        remove,\n",
    ("        Ranges(add.family, add.firsts[1:], add.lasts[1:]),\n        remove,\n"),
)
_FIRST_BIND = "        self._bind(self._open)\n        while self._blockers"
_REMOVALS_FIRST: Patch = (
    APPLY,
    _FIRST_BIND,
    (
        "        while self._out:\n            self._unbind_batch(self._out)\n"
        f"{_FIRST_BIND}"
    ),
)
_DECIDED = "        decide(job, targets, report)\n\n"

IN_THE_MACHINE = (
    Mutation(
        "what others bound stands",
        "unmarked entries are taken for ours",
        (UNMARKED_OURS,),
    ),
    Mutation(
        "add-only takes nothing out",
        "add-only removes what is ours",
        ((PLAN, "Ownership.ADD_ONLY: (),", "Ownership.ADD_ONLY: (ours,),"),),
    ),
    Mutation(
        "what must never be blocked is not bound",
        "10/8 is missing in the built-in list",
        (("core/networks.py", '        "10.0.0.0/8",\n', ""),),
    ),
    Mutation(
        "an outage unblocks nothing",
        "an empty collection is taken at its word",
        (
            (_GATHER, "    if empty:\n", "    if False:\n"),
            (_GATHER, "        _refuse_message(given.values(), name)\n", ""),
            (_GATHER, "        _refuse_nothing(given.values(), name)\n", ""),
        ),
    ),
    Mutation(
        "what is wanted stays",
        "the last of wanted neighbours is taken for unwanted",
        (_NEIGHBOUR,),
    ),
    Mutation(
        "what a list asks for stays blocked",
        "the first entry to come is forgotten",
        (_NOT_ADDED,),
    ),
    Mutation(
        "what is bound stays its time",
        "the minimum stay is forgotten",
        ((PLAN, "return 0 <= age <= self.days and", "return 0 <= age < 0 and"),),
    ),
    Mutation(
        "what is missing comes before anything goes",
        "removals first",
        (_REMOVALS_FIRST,),
    ),
    Mutation(
        "only what may go goes",
        "no limit for removals",
        ((GUARD, "    if go > limit:\n", "    if go > limit + 99:\n"),),
    ),
    Mutation(
        "only what may come comes",
        "no limit for additions",
        ((GUARD, "    if come > limit or", "    if come > limit + 99 or"),),
    ),
    Mutation(
        "all that is bound is marked",
        "what is bound bears another's mark",
        ((_CARRY, "mark = str(Mark(job.instance,", 'mark = str(Mark("0" * 8,'),),
    ),
    Mutation(
        "no session stays open",
        "nobody signs out",
        (
            (
                "netscaler/nitro.py",
                '                "logout",\n',
                '                "nsversion",\n',
            ),
        ),
    ),
    Mutation(
        "what was written is saved",
        "the save is not sent",
        ((_CARRY, "        target.save()\n", ""),),
    ),
    Mutation(
        "a run with nothing to do writes nothing",
        "every run saves",
        (
            (_CARRY, "    if job.memory.save_due:\n", "    if True:\n"),
            (_CARRY, "target.unsaved() is not False", "True"),
        ),
    ),
    Mutation(
        "it ends with the code that fits",
        "the exit code tells of no refusal",
        (
            (
                "run/report.py",
                "            self.troubles += [held(",
                "            _ = [held(",
            ),
        ),
    ),
    Mutation(
        "every wanted entry is blocked, or held",
        "the first entry to come is forgotten",
        (_NOT_ADDED,),
    ),
    Mutation(
        "every entry of ours is wanted, or held",
        "the first entry to go is forgotten",
        (FORGOTTEN,),
    ),
    Mutation(
        "it does what the reference says",
        "exclusive is no more than owned",
        ((PLAN, "Ownership.EXCLUSIVE: (ours, 0),", "Ownership.EXCLUSIVE: (ours,),"),),
    ),
    Mutation(
        "it remembers what it must",
        "a consent never lapses",
        ((_CONSENTS, "msgspec.structs.replace(one, met=True)", "one"),),
    ),
    Mutation(
        "a run accepts what it may",
        "what is new is kept as what is accepted",
        ((_SYNC, "memory.write(change.accepted)", "memory.write(change.plan.add)"),),
    ),
    Mutation(
        "a run believes what it may",
        "a collection is believed as it is, whatever is held of it",
        (
            (
                _GATHER,
                "            part.taken.wanted,\n",
                "            part.given.wanted,\n",
            ),
            (_GATHER, "            part.taken.ids,\n", "            part.given.ids,\n"),
        ),
    ),
    Mutation(
        "a run begins what it may",
        "all that is planned is begun, held or not",
        ((_SYNC, "verdict.begins()", "change.plan.removed()"),),
    ),
    Mutation(
        "who says in step is in step",
        "the first entry to come is forgotten",
        (_NOT_ADDED,),
    ),
    Mutation(
        "runs left alone end in step",
        "what a person approved is held all the same",
        (
            (
                "store/said.py",
                "        return self.discard or now < self.at + LIFE or not self.met",
                "        return self.discard",
            ),
        ),
    ),
    Mutation(
        "what is held can be approved",
        "the first consent cannot be kept",
        (
            (
                _CONSENTS,
                "        return Said([], needed)\n",
                '        raise StateError("", "") from None\n',
            ),
        ),
    ),
    Mutation(
        "a plan writes nothing",
        "showing a plan saves",
        ((_SYNC, _DECIDED, f"{_DECIDED[:-1]}        targets[0].save()\n\n"),),
    ),
    Mutation(
        "a plan remembers nothing",
        "showing a plan accepts it",
        (
            (
                _SYNC,
                _DECIDED,
                f"{_DECIDED[:-1]}        accept(job, report)\n\n",
            ),
        ),
    ),
    Mutation(
        "no run ends with a fault of the program",
        "a last good list that stands in is a surprise",
        (
            (
                _GATHER,
                '    when = f"{since:%Y-%m-%d %H:%M} UTC"\n',
                "    raise KeyError(name)\n",
            ),
        ),
    ),
)
