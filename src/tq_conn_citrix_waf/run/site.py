"""Put together what one run works with: the file, both systems, the lock.

The only place where the two adapters meet.
"""


