"""What is asked of an archive: fields for the patient, a period, a modality, an accession number."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

from PySide6.QtCore import QDate, Signal
from PySide6.QtWidgets import QComboBox, QDateEdit, QGridLayout, QLabel, QLineEdit, QWidget

from breastview.language import mark, tr
from breastview.pacs._protocol import Query

MOST = 500
"""Studies that are listed at most: more cannot be looked through."""
DATE = "yyyy-MM-dd"
MODALITIES = ("", "US", "MG", "MR", "SR", "SEG")
"""Offered first; any other can be typed."""
CODE = 16
"""Longest value of a DICOM CS or SH element, in characters."""


class Period(StrEnum):
    """When a study was made."""

    ANY = mark("Any date")
    TODAY = mark("Today")
    YESTERDAY = mark("Since yesterday")
    WEEK = mark("Last 7 days")
    MONTH = mark("Last 30 days")
    YEAR = mark("Last 365 days")
    BETWEEN = mark("From … to …")


_DAYS_BACK = {Period.TODAY: 0, Period.YESTERDAY: 1, Period.WEEK: 7, Period.MONTH: 30, Period.YEAR: 365}


def days(period: Period, today: date) -> tuple[date | None, date | None]:
    """Return first and last day of a period; None: open."""
    back = _DAYS_BACK.get(period)
    return (None, None) if back is None else (today - timedelta(days=back), today)


class Criteria(QWidget):
    """The fields; Enter in any of them asks.

    Attributes
    ----------
    asked : Signal()
        Enter was pressed.
    """

    asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.name, self.identifier, self.accession = QLineEdit(), QLineEdit(), QLineEdit()
        self.period, self.modality = QComboBox(), QComboBox()
        self.first, self.last = QDateEdit(), QDateEdit()
        self._between: tuple[QWidget, ...] = ()
        self._build()
        self._follow_period()

    def _build(self) -> None:
        for period in Period:
            self.period.addItem(tr(period.value), period)
        for modality in MODALITIES:
            self.modality.addItem(modality or tr("Any"), modality)
        self.modality.setEditable(True)
        self.modality.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        for line in (self.identifier, self.accession):
            line.setMaxLength(4 * CODE)
        self.name.setPlaceholderText(tr("Family name, or its beginning"))
        today = QDate.currentDate()
        for edit, day in ((self.first, today.addDays(-7)), (self.last, today)):
            edit.setDisplayFormat(DATE)
            edit.setCalendarPopup(True)
            edit.setDate(day)
        self.period.currentIndexChanged.connect(lambda _index: self._follow_period())
        typed = self.modality.lineEdit()
        assert typed is not None
        for line in (self.name, self.identifier, self.accession, typed):
            line.returnPressed.connect(self.asked)
        self._lay_out()

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(6)
        for column, (text, field) in enumerate((
            (tr("Patient’s name"), self.name), (tr("Patient ID"), self.identifier),
            (tr("Accession number"), self.accession), (tr("Modality"), self.modality),
        )):  # fmt: skip
            grid.addWidget(_named(text, field), 0, column)
            grid.addWidget(field, 1, column)
            grid.setColumnStretch(column, 2 if field is self.name else 1)
        for column, (text, field) in enumerate((
            (tr("Study date"), self.period), (tr("From"), self.first), (tr("To"), self.last),
        )):  # fmt: skip
            name = _named(text, field)
            grid.addWidget(name, 2, column)
            grid.addWidget(field, 3, column)
            if field is not self.period:
                self._between += (name, field)

    def _follow_period(self) -> None:
        for widget in self._between:
            widget.setVisible(self.period.currentData() == Period.BETWEEN)

    def clear(self) -> None:
        """Ask for everything again."""
        for line in (self.name, self.identifier, self.accession):
            line.clear()
        self.period.setCurrentIndex(0)
        self.modality.setCurrentIndex(0)

    def query(self) -> Query:
        """Return what is asked for."""
        first, last = self._days()
        return Query(
            patient_name=self.name.text().strip(), patient_id=self.identifier.text().strip(),
            accession_number=self.accession.text().strip(), modality=self._wanted_modality(),
            study_from=first, study_to=last, limit=MOST,
        )  # fmt: skip

    def _days(self) -> tuple[date | None, date | None]:
        period = Period(self.period.currentData())
        if period is not Period.BETWEEN:
            return days(period, date.today())
        given = (edit.date().toString(DATE) for edit in (self.first, self.last))
        first, last = sorted(date.fromisoformat(day) for day in given)
        return first, last

    def _wanted_modality(self) -> str:
        typed = self.modality.currentText().strip()
        return "" if typed == self.modality.itemText(0) else typed.upper()[:CODE]


def _named(text: str, field: QWidget) -> QLabel:
    made = QLabel(text)
    made.setProperty("role", "muted")
    made.setBuddy(field)
    field.setAccessibleName(text)
    return made
