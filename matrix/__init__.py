"""The connector's whole contract under every answer to every open question."""
