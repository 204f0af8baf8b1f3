"""NITRO's error codes that change what is done next, in classes.

1. The code decides, whatever the HTTP status: the statuses of most codes are not
   documented.
2. Texts are the tables of the NREF reference (documented) unless a line says more.
3. A code in none of these classes is a fault of the request as a whole.
"""

DONE = 0

ALREADY_THERE = frozenset({273, 2867, 2883})
"""Bound before: three codes, and which one a build gives is open (inferred)."""

ALREADY_GONE = frozenset({258, 2822})
"""Not bound: "No such resource" (recorded, ANS #233), "Pattern does not exist"."""

FULL = frozenset({2900, 1072})
"""2900 "Cannot bind more than 5000 patterns"; 1072 any maximum reached (inferred)."""

ITEM = frozenset(
    {
        278,  # Invalid argument
        1074,  # Invalid value
        1097,  # Invalid argument value
        1106,  # string too long
        1107,  # string too short
        1110,  # Invalid IP address
        1113,  # range minimum exceeds maximum
        1140,  # Invalid IPv6 address
        2821,  # unable to bind: taken for the overlap too, whose code is unknown
        2830,  # index in use
        2866,  # invalid element
        2873,  # should be in IPv4 format (recorded, TF #570: a subnet, old build)
        2880,  # 300.1.1.1
        2881,  # invalid IPv6 format
        2882,  # format
    }
)
"""One value is refused for itself; the others of its batch are not concerned."""

OVERLAP_WORDS = ("overlap", "the range ov")
"""The refusal of an overlap has no known number: vendor text "ERROR: The range ov"."""

NO_BLOCK = frozenset({278, 1097, 1110, 1140, 2866, 2873, 2881})
"""What a build that takes no subnet says of one: 2873 is recorded (TF #570)."""

NO_END = frozenset({278, 1090})
"""What a build that does not know ``endrange`` says of it."""

NO_COMMENT = frozenset({278, 1090, 1106})
"""An unknown attribute: "Invalid argument [comment]", "No such argument"; or 1106, a
comment that is too long: how long it may be is documented nowhere."""

SIGN_IN = frozenset({354, 355, 1025, 1034, 1045, 1046, 1244})
"""Refused: 354 (recorded), 355, login failed; 1034 a challenge, 1045 the licence
agreement, 1046 a forced change of password, 1244 Basic switched off."""

BAD_TIMEOUT = frozenset({1219})
"""The session time-out that was asked for is not allowed."""

SESSION = frozenset({352, 444, 450, 452, 471, 1026, 1027})
"""No session any more: 444 and 1027 as the Go client takes them (client code)."""

SESSIONS = frozenset({445, 446, 447})
"""No session to be had: limits of sessions and connections (446: NSIC #525)."""

RIGHTS = frozenset({257, 269, 340, 371, 2138})
"""Not permitted; 2138 names the command (recorded, check_netscaler #83)."""

NO_SET = frozenset({2823})
"""Dataset/Patset does not exist."""

SECONDARY = frozenset({368, 1028})
"""Only the primary may; 1028 is a warning: what is written here is lost."""

CLUSTER_NODE = frozenset({1044, 1180, 1203})
"""A node of a cluster, not its own address: what is written here stays here."""

NOT_COPIED = frozenset({349})
"""Done here, failed on the secondary, which will be synchronised."""

COPY_UNCLEAR = frozenset({347, 358, 457, 458, 1448, 1450})
"""Not passed on to the secondary; whether it was done here, reading tells."""

NOT_ATTEMPTED = frozenset({1265})
"""Stood behind a failed one in a batch (client code: a remark in the SDK)."""

FORM = frozenset({1088, 1232, 1233, 1234, 1236, 1237, 1238, 1240, 1095})
"""The shape of the request was not understood: nothing of it was done."""

SAVING = frozenset({293, 1461})
"""A save is running already: TF tries again for five minutes (client code)."""

SAVED = frozenset({DONE, 1130, 1133})
"""Saved, or nothing to save."""

UNCLEAR = frozenset({316, 459, 1030, 1031, 1032, 1043, 1056, 1057, 1123, 1239, 1243})
"""Broke off inside the appliance, or failed in part without saying which."""
