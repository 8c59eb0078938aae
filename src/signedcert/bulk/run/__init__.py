"""Runs over whole rosters on one machine: processes, parts that outlive a kill, the ledger."""
