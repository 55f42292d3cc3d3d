"""Accounts of the shared desk: people, what they are in each case, how they sign in, what they did.

A database of its own, never the ledger's: a ledger is evidence that gets handed over.
"""
