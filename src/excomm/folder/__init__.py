"""A case as plain files: read, checked, written without loss, compared with a ledger."""

from excomm.folder.loading import read_agreement

__all__ = ["read_agreement"]
