"""A way to break the program for each law that the search of all orders holds."""

from soak.mutation import APPLY, FORGOTTEN, GUARD, PLAN, UNMARKED_OURS, Mutation, Patch

_TAKEN_FOR_DONE: Patch = (
    APPLY,
    "missing = [r for r in unknown if not there.covers(r.first, r.last)]",
    "missing: list[AddressRange] = []",
)

IN_ALL_ORDERS = (
    Mutation(
        "another instance's entries stand",
        "every mark is taken for ours",
        (
            (
                PLAN,
                "Ownership.OWNED: (ours,),",
                "Ownership.OWNED: tuple(range(1, 9)),",
            ),
        ),
        "exhaust",
    ),
    Mutation(
        "what people bound stands",
        "unmarked entries are taken for ours",
        (UNMARKED_OURS,),
        "exhaust",
    ),
    Mutation(
        "what is not answered is read, and done",
        "what was not answered is taken for done",
        (_TAKEN_FOR_DONE,),
        "exhaust",
    ),
    Mutation(
        "a dead run has done a part of the whole one",
        "what stays is taken out and bound anew",
        (
            (
                APPLY,
                "    _Work(target, plan, mark, applied, clock, tell).run()\n",
                (
                    "    rows = range(len(plan.dataset.owners))\n"
                    "    there = [plan.dataset.binding(n) for n in rows]\n"
                    "    target.unbind(there)\n"
                    "    target.bind([one.range for one in there], mark)\n"
                    "    _Work(target, plan, mark, applied, clock, tell).run()\n"
                ),
            ),
        ),
        "exhaust",
    ),
    Mutation(
        "what a dead run began is finished",
        "what it left to go is forgotten, and may not go",
        (
            (GUARD, "    if begun and weighed", "    if False and weighed"),
            (
                GUARD,
                "    limit = limits.removals(len(before))",
                (
                    "    left = stray.subtract(before) if stray else ()\n"
                    "    limit = 0 if len(left) else limits.removals(len(before))"
                ),
            ),
        ),
        "exhaust",
    ),
    Mutation(
        "what is approved goes ahead",
        "a consent counts for the other kind of change",
        (
            (
                GUARD,
                "for c in consents if c.held is held for",
                "for c in consents if c.held is not held for",
            ),
        ),
        "exhaust",
    ),
    Mutation(
        "runs that collide end in step",
        "the first entry to go is forgotten",
        (FORGOTTEN,),
        "exhaust",
    ),
)
