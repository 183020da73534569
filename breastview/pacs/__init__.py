"""The hospital's archives: ask, fetch, send and be sent to, by DIMSE, DICOMweb or a folder.

`connect.archive` gives the `_protocol.Archive` of one `configuration.ArchiveSettings`. What leaves goes
through `queue` and `sender`, which survive a crash; what a modality pushes comes in through `listener`.
"""

import warnings

# pydicom quotes the values that it warns of, and they may name a patient.
warnings.filterwarnings("ignore", category=UserWarning, module=r"pydicom\..*")
