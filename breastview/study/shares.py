"""How a share is written, the same on screen and on paper."""

from __future__ import annotations

from breastview.language import tr


def percent(share: float) -> str:
    """Return a share in whole per cent that never claims certainty.

    Parameters
    ----------
    share : float
        0..1.

    Returns
    -------
    str
        ``"< 1%"``, ``"1%"`` to ``"99%"`` or ``"> 99%"``, in the language's way of writing it.
    """
    if share < 0.01:
        return tr("< {number}%").format(number=1)
    if share > 0.99:
        return tr("> {number}%").format(number=99)
    return tr("{number}%").format(number=f"{100 * share:.0f}")
