"""Where a database cannot be trusted to a disk, the doctor says so."""

from pathlib import Path

import pytest

from proxy.doctor.disk import look_at_disk, untrusted

MOUNTS = """\
/dev/sda1 / ext4 rw 0 0
server:/home /home nfs4 rw 0 0
/dev/sdb1 /home/ann/local xfs rw 0 0
//nas/share /mnt/my\\040share cifs rw 0 0
broken
"""


@pytest.mark.parametrize(
    ("folder", "words"),
    [
        ("/var/lib/coldask", ""),
        ("/home/ann/.local/share/coldask", "nfs4"),
        ("/home/ann/local/coldask", ""),
        ("/homestead/coldask", ""),
        ("/mnt/my share/coldask", "cifs"),
        ("/srv/ann/Dropbox/coldask", "Dropbox"),
        ("/srv/OneDrive - Quarry Works/coldask", "OneDrive"),
    ],
)
def test_the_innermost_mount_decides(folder: str, words: str) -> None:
    found = untrusted(Path(folder), MOUNTS)
    assert words in found and bool(found) == bool(words)


def test_an_ordinary_folder_is_fine(tmp_path: Path) -> None:
    assert [line for line in look_at_disk(tmp_path) if "lies on" in line.text] == []
