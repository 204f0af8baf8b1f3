"""An emulator of one NetScaler appliance: its NITRO interface, in memory."""
