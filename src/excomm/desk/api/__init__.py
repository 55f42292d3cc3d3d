"""The desk for programs: JSON under /api/v1/, and a calendar by secret address.

The same permissions by the same functions as the pages, the same views, the same door for entries.
"""
