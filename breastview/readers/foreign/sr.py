"""Structured reports as readable text; what they measured as drawings with numbers and units as written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby

from pydicom.dataset import Dataset

from breastview.language import tr
from breastview.readers.dicom.header import Header
from breastview.readers.foreign._content import DEEPEST, MOST_ITEMS, meaning, numbers, pairs, spots
from breastview.readers.foreign._shapes import drawing
from breastview.study.dates import parsed
from breastview.study.foreign import Companion, Drawing, Kind, Number, Overlay, Page, Spot

_TRACKING = "112039"
_CONTAINER = "CONTAINER"
_LIBRARY = frozenset({"111028", "126200"})
"""Image library and its groups: what they say of a picture stands in the picture."""
MOST_DRAWINGS = 2_000


@dataclass
class Node:
    """A content item with what hangs below it."""

    header: Header
    depth: int
    kind: str
    name: str
    children: list[Node] = field(default_factory=list)

    def all(self) -> Iterator[Node]:
        """Yield it and all below."""
        waiting = [self]
        while waiting:
            one = waiting.pop(0)
            yield one
            waiting[:0] = one.children


class _Report:
    """Any structured report, TID 1500 or not: its content tree says what it is."""

    kind = Kind.REPORT
    families = ("1.2.840.10008.5.1.4.1.1.88",)

    def overlay(
        self,
        companion: Companion,
        dataset: Dataset,
        uid: str,
        frame: int,
        size: tuple[int, int],  # noqa: ARG002
    ) -> Overlay:
        """Return the measurements of a frame: what names it, or lies in a group that does."""
        root = tree(Header(dataset))
        drawings: list[Drawing] = []
        found: list[Number] = []
        spatial = 0
        for group in _groups(root):
            meant = [node for node, about in _said(group) if any(spot.shows(uid, frame) for spot in about)]
            title = _tracking(group)
            drawings.extend(_titled([one for node in meant for one in _drawn(node)], title))
            found.extend(_number(node, title) for node in meant if node.kind == "NUM")
            spatial += sum(node.kind == "SCOORD3D" for node in meant)
        notes = []
        if spatial:
            notes.append(tr("{count} outlines in space are not drawn.").format(count=spatial))
        if len(drawings) > MOST_DRAWINGS:
            notes.append(tr("It holds {count} drawings; not all are shown.").format(count=len(drawings)))
        return Overlay(
            companion, drawings=tuple(drawings[:MOST_DRAWINGS]), numbers=tuple(found[:MOST_DRAWINGS]),
            notes=tuple(notes),
        )  # fmt: skip

    def page(self, companion: Companion, dataset: Dataset) -> Page:
        """Return the whole report as text."""
        root = tree(Header(dataset))
        lines = [(node.depth, text) for node in root.all() if (text := _line(node))]
        return Page(root.name or companion.name, tuple(_counted(lines)))


def _counted(lines: list[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Yield lines, those that are repeated (a hundred pictures) once with their number."""
    for (depth, text), same in groupby(lines):
        count = sum(1 for _ in same)
        yield depth, text if count == 1 else f"{text} (× {count})"


def tree(header: Header) -> Node:
    """Return the content tree of a report, as deep and as long as any report is."""
    root = Node(header, 0, header.text("ValueType") or _CONTAINER, meaning(header, "ConceptNameCodeSequence"))
    waiting, count = [root], 0
    while waiting:
        node = waiting.pop()
        if node.depth >= DEEPEST:
            continue
        for item in node.header.items("ContentSequence"):
            count += 1
            if count > MOST_ITEMS:
                return _resolved(root)
            name = meaning(item, "ConceptNameCodeSequence")
            child = Node(item, node.depth + 1, item.text("ValueType"), name)
            node.children.append(child)
            waiting.append(child)
    return _resolved(root)


def _resolved(root: Node) -> Node:
    """Let items that only point at others (mammography CAD does so) say what those say."""
    for node in list(root.all()):
        path = [int(place) for place in node.header.numbers("ReferencedContentItemIdentifier")]
        target: Node | None = root if path[:1] == [1] else None
        for place in path[1:]:
            inside = target is not None and 1 <= place <= len(target.children)
            target = target.children[place - 1] if target is not None and inside else None
        if target is not None and target is not node:
            node.header, node.kind, node.name = target.header, target.kind, target.name
    return root


def _groups(root: Node) -> Iterator[Node]:
    """Yield the containers that measure something."""
    for node in root.all():
        measures = any(one.kind in ("NUM", "SCOORD", "SCOORD3D") for one in _own(node))
        if node.kind == _CONTAINER and measures and _code(node) not in _LIBRARY:
            yield node


def _own(group: Node) -> Iterator[Node]:
    """Yield what lies in a container but not in a container within it."""
    waiting = list(group.children)
    while waiting:
        one = waiting.pop(0)
        yield one
        if one.kind != _CONTAINER:
            waiting[:0] = one.children


def _said(group: Node) -> Iterator[tuple[Node, list[Spot]]]:
    """Yield what a container says, each with the pictures it is about: its own, else those around it."""
    waiting = [(group, _pictures(group))]
    while waiting:
        node, about = waiting.pop(0)
        inner = [one for one in node.children if one.kind != _CONTAINER]
        deeper = [(one, _pictures(one) or about) for one in inner]
        yield from deeper
        waiting[:0] = [pair for pair in deeper if pair[0].children]


def _pictures(node: Node) -> list[Spot]:
    """Return the pictures named by an item or by what hangs below it, containers left out."""
    return [spot for one in (node, *_own(node)) for spot in spots(one.header.items("ReferencedSOPSequence"))]


def _tracking(group: Node) -> str:
    """Return what the report calls what it measured."""
    for node in group.children:
        if _code(node) == _TRACKING:
            return node.header.text("TextValue")
    return ""


def _code(node: Node) -> str:
    return next((code.text("CodeValue") for code in node.header.items("ConceptNameCodeSequence")), "")


def _drawn(node: Node) -> tuple[Drawing, ...]:
    if node.kind != "SCOORD":
        return ()
    return drawing(node.header.text("GraphicType"), pairs(numbers(node.header, "GraphicData")))


def _titled(drawn: list[Drawing], title: str) -> list[Drawing]:
    """Write a group's title beside the first of its drawings."""
    if not title or not drawn:
        return drawn
    first = drawn[0]
    return [*drawn, Drawing((max(first.points, key=lambda point: point[0]),), text=title)]


def _number(node: Node, group: str) -> Number:
    value, unit = _measured(node.header)
    return Number(node.name, value or tr("not given"), unit, group)


def _measured(header: Header) -> tuple[str, str]:
    """Return number and unit as they are written."""
    for item in header.items("MeasuredValueSequence"):
        units = item.items("MeasurementUnitsCodeSequence")
        unit = units[0].text("CodeValue") if units else ""
        unit = meaning(item, "MeasurementUnitsCodeSequence") if unit in ("", "1") else unit
        return item.text("NumericValue"), "" if unit in ("no units", "1") else unit
    return "", ""


def _line(node: Node) -> str:
    """Return a content item as a line of text, empty for what is of no use to read."""
    value = _value(node)
    if node.kind == _CONTAINER:
        return node.name
    return f"{node.name}: {value}" if node.name and value else node.name or value


def _value(node: Node) -> str:
    header, kind = node.header, node.kind
    if kind == "NUM":
        return " ".join(part for part in _measured(header) if part)
    if kind == "CODE":
        return meaning(header, "ConceptCodeSequence")
    texts = {"TEXT": "TextValue", "PNAME": "PersonName", "TIME": "Time", "DATETIME": "DateTime",
             "UIDREF": "UID"}  # fmt: skip
    if kind == "DATE":
        day = parsed(header.text("Date"))
        return header.text("Date") if day is None else day.isoformat()
    if kind in texts:
        return header.text(texts[kind])
    return _pointing(node)


def _pointing(node: Node) -> str:
    kind = node.kind
    if kind in ("IMAGE", "COMPOSITE", "WAVEFORM"):
        found = spots(node.header.items("ReferencedSOPSequence"))
        frames = ", ".join(str(frame + 1) for spot in found for frame in spot.frames)
        return tr("a picture, frame {frames}").format(frames=frames) if frames else tr("a picture")
    if kind in ("SCOORD", "SCOORD3D"):
        shape = node.header.text("GraphicType").lower()
        return tr("drawn as {shape}").format(shape=shape) if shape else ""
    return ""


READER = _Report()
