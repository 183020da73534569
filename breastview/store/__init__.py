"""The record of the reader's work in one SQLite file: assessments with their history, what was open."""

from __future__ import annotations

from breastview.store.audit import Event
from breastview.store.record import AnalysisSummary, LastSession, Store

__all__ = ["AnalysisSummary", "Event", "LastSession", "Store"]
