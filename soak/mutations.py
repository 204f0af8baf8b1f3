"""Each law of the searches, and a way to break the program so that it does not hold."""

from soak.mutations_machine import IN_THE_MACHINE
from soak.mutations_orders import IN_ALL_ORDERS

MUTATIONS = (*IN_THE_MACHINE, *IN_ALL_ORDERS)
