"""The desk: pages over a case, and forms that append to its ledger. Holds no domain logic."""
