"""The desk: pages over a case. Holds no domain logic."""
