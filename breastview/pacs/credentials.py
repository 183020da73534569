"""Passwords and tokens of archives, in the system's own keyring and nowhere else."""

from __future__ import annotations

from breastview.errors import ArchiveError

_SERVICE = "BreastView archive"


def secret(archive: str) -> str:
    """Return the password or token of an archive by its name, empty where none is kept.

    Raises
    ------
    ArchiveError
        If there is no keyring, or it is locked.
    """
    import keyring

    with _Explained(archive):
        return keyring.get_password(_SERVICE, archive.casefold()) or ""


def keep(archive: str, secret: str) -> None:
    """Keep the password or token of an archive; an empty one forgets it.

    Raises
    ------
    ArchiveError
        If there is no keyring, or it is locked.
    """
    import keyring

    with _Explained(archive):
        if secret:
            keyring.set_password(_SERVICE, archive.casefold(), secret)
        elif keyring.get_password(_SERVICE, archive.casefold()) is not None:
            keyring.delete_password(_SERVICE, archive.casefold())


class _Explained:
    """Turns errors of the keyring into a sentence."""

    def __init__(self, archive: str) -> None:
        self._archive = archive

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        import keyring.errors

        if isinstance(error, keyring.errors.KeyringError | RuntimeError):
            # `from None`: what a keyring says of its failure may hold what was to be kept.
            raise ArchiveError(
                "the system's keyring cannot be used",
                self._archive,
                "Unlock it; on Linux it is GNOME Keyring, KWallet or another Secret Service.",
            ) from None
