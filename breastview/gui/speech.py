"""The language of everything on screen: BreastView's own texts, and Qt's."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from breastview import language


def speak(wanted: str) -> None:
    """Choose the language of BreastView's own texts and of Qt's (the buttons of dialogs, names of keys).

    Parameters
    ----------
    wanted : str
        Code of a language, or empty for the one of the user's environment.
    """
    language.use(wanted)
    QLocale.setDefault(QLocale.c())  # numbers have a point in every language, as devices and DICOM write them
    application = QCoreApplication.instance()
    if application is None:
        return
    for before in application.findChildren(QTranslator):
        application.removeTranslator(before)
        before.deleteLater()
    translator = QTranslator(application)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if translator.load(f"qtbase_{language.code()}", folder):
        application.installTranslator(translator)
