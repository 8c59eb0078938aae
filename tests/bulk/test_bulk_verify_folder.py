"""``bulk verify`` of a folder: each file as ``verify`` takes it, whatever the others are."""

import json
import multiprocessing
import os
import socket
import struct
import subprocess
import sys
import threading
import time
import zlib
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from as_owner import run_bound
from bulk_verifying import PAGE, changed_link, command, link, sheet, token, trust_options
from typer.testing import CliRunner

import signedcert as sc
from edited_pdfs import attached, box, edited, text
from issuing import NOW, TRUST
from signedcert.cli.app import app
from signedcert.cli.bulk.folder import FoundFile, files_in
from signedcert.cli.bulk.folder_workers import FolderWorkers
from signedcert.documents import Printed, Printer
from signedcert.verify.verdict import Policy

NAME_AT = (150, 300, 540, 120)


@pytest.fixture(scope="module")
def documents():
    """A PDF, a PNG and an SVG of one certificate."""
    with Printer() as printer:
        printed = Printed.of_token(token(), PAGE)
        return {"pdf": printer.pdf(printed), "png": printer.png(printed, ppi=110)[0],
                "svg": printer.svg(printed)[0]}  # fmt: skip


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "applicants"
    path.mkdir()
    return path


@pytest.fixture
def verify(tmp_path, folder, monkeypatch):
    monkeypatch.chdir(tmp_path)
    trust = trust_options(tmp_path)

    def run(*options, given=folder):
        return command(given, *trust, *options)

    return run


def picture(width: int, height: int) -> bytes:
    """A PNG of little size that takes four bytes a pixel once it is unpacked."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    rows = zlib.compress(bytes((4 * width + 1) * height), 1)
    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return b"".join((b"\x89PNG\r\n\x1a\n", chunk(b"IHDR", header), chunk(b"IDAT", rows),
                     chunk(b"IEND", b"")))  # fmt: skip


def test_each_file_as_verify_takes_it(verify, folder, documents, tmp_path):
    pdf = documents["pdf"]
    other = token(7, learner=sc.Person(name="Mallory Fake"))
    files = {
        "a.pdf": pdf,
        "a.png": documents["png"],
        "a.svg": documents["svg"],
        "edited.pdf": edited(pdf, box(*NAME_AT), text("Mallory Fake", 200, 350, 30)),
        "two.pdf": edited(pdf, attached("certificate.cose", other)),
        "cut.pdf": pdf[:3000],
        "t.cose": token(3),
        "changed.cose": token(3)[:-1] + b"x",
        "link.txt": f"<{link(4)}>.\n".encode(),
        "changed.txt": changed_link(5).encode(),
        "percent.txt": link().replace("#", "%23").encode(),
        "code.txt": b"0000-0000-0000-0000",
        "empty": b"",
        "white.txt": b" \n",
        "photo.heic": b"\0\0\0\x18ftypheic",
        "=cmd": bytes(range(256)),
        "long.txt": b"https://x/#" + b"A" * 70_000,
        "long.cose": b"\xd2" * 500_000,
    }
    for name, data in files.items():
        (folder / name).write_bytes(data)
    assert verify().exit_code == 4
    rows = {row["file"].lstrip("'"): row for row in sheet(tmp_path / "applicants.verdicts.csv")}
    assert list(rows) == sorted(files)
    trust = trust_options(tmp_path)
    for name, row in rows.items():
        arguments = ["verify", str(folder / name), *trust, "--json"]
        said = json.loads(CliRunner().invoke(app, arguments).stdout)
        if "error" in said or "status" not in said:
            assert not row["status"], name
            continue
        assert row["status"] == said["status"], name
        failed = [each for each in said["findings"] if each["outcome"] in ("FAILED", "UNKNOWN")]
        assert row["reason"] == (failed[0]["reason"] if failed else ""), name
        assert bool(row["learner"]) is (said["statement"] is not None), name
    assert rows["edited.pdf"]["check"] == "DOCUMENT"
    assert "printed instead" in rows["edited.pdf"]["printed_text"]
    assert rows["edited.pdf"]["learner"] == "Jacob Ångström"
    assert rows["two.pdf"]["reason"] == "sources_disagree"
    assert not rows["two.pdf"]["learner"]
    assert "what people see may be drawn" in rows["a.pdf"]["printed_text"]
    assert "pictures have no text" in rows["a.png"]["printed_text"]
    assert rows["cut.pdf"]["error"] == "the PDF is damaged"
    assert "ask for it again" in rows["percent.txt"]["why"]


def test_what_is_no_file_has_its_row_and_stops_nothing(verify, folder, tmp_path):
    (folder / "deep" / "er").mkdir(parents=True)
    (folder / "deep" / "er" / "t.cose").write_bytes(token())
    (folder / ".hidden.cose").write_bytes(token())
    (folder / ".git").mkdir()
    (folder / ".git" / "x").write_bytes(token())
    os.mkfifo(folder / "fifo")
    (tmp_path / "outside").write_bytes(token())
    (folder / "inside").symlink_to("deep/er/t.cose")
    (folder / "loop").symlink_to(".")
    (folder / "gone").symlink_to("nowhere")
    (folder / "round").symlink_to("round")
    (folder / "out").symlink_to(tmp_path / "outside")
    (folder / os.fsdecode(b"odd\xff\n.cose")).write_bytes(token())
    with (folder / "huge.pdf").open("wb") as file:
        file.write(b"%PDF-1.7\n")
        file.truncate(10**12)
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(os.path.relpath(folder / "sock"))
        assert verify().exit_code == 4
    rows = {row["file"]: row["status"] or row["error"] for row in
            sheet(tmp_path / "applicants.verdicts.csv")}  # fmt: skip
    assert rows == {
        "deep/er/t.cose": "VALID",
        "fifo": "it is no regular file",
        "gone": "No such file or directory",
        "huge.pdf": "the file is larger than 20 MB",
        "inside": "VALID",
        "loop": "it is a link to a folder, which is not followed",
        "odd\\xff\\u{000A}.cose": "VALID",
        "out": "it is a link that leads out of the folder",
        "round": rows["round"],
        "sock": "it is no regular file",
    }
    assert "link" in rows["round"].lower() or "loop" in rows["round"].lower()


def test_what_may_not_be_read_has_its_row(folder, tmp_path, monkeypatch):
    (folder / "closed").mkdir(mode=0)
    (folder / "secret").write_bytes(token())
    (folder / "secret").chmod(0)
    monkeypatch.chdir(tmp_path)
    done = run_bound("bulk", "verify", folder, *trust_options(tmp_path))
    assert done.returncode == 4, done.stderr
    rows = sheet(tmp_path / "applicants.verdicts.csv")
    assert [(row["file"], row["error"]) for row in rows] == [
        ("closed", "Permission denied"), ("secret", "Permission denied"),
    ]  # fmt: skip


def test_a_folder_too_deep(folder):
    path = folder
    for _ in range(70):
        path /= "d"
    path.mkdir(parents=True)
    (path / "t.cose").write_bytes(token())
    (found,) = files_in(folder)
    assert found.refusal == "the folder lies too deep; it is not looked into"


def test_an_empty_folder_and_a_column(verify, folder):
    assert verify().exit_code == 4
    (folder / "t.cose").write_bytes(token())
    assert verify("--column", "x").exit_code == 2


def test_its_own_sheet_is_not_among_the_files(verify, folder, tmp_path, monkeypatch):
    (folder / "t.cose").write_bytes(token())
    monkeypatch.chdir(folder)
    assert verify(given=".").exit_code == 0
    assert [row["file"] for row in sheet(folder / "applicants.verdicts.csv")] == ["t.cose"]


def test_details_in_parquet(verify, folder, documents, tmp_path):
    (folder / "a.pdf").write_bytes(documents["pdf"])
    out = tmp_path / "out.parquet"
    assert verify("--out", out, "--details").exit_code == 0
    (row,) = pq.read_table(out).to_pylist()
    assert row["statement"]["course"]["title"] == row["course"]


@pytest.fixture
def workers(folder):
    def looked(names, seconds=30.0, count=1):
        bundle = TRUST.to_bundle()
        with FolderWorkers(folder, count, bundle=bundle, now=NOW, policy=Policy(),
                           seconds=seconds) as made:  # fmt: skip
            found = made.looked(FoundFile(name) for name in names)
            return [(file.name, each.error or "read") for file, each in found]

    return looked


def test_a_file_that_a_process_hangs_on_costs_one_row(workers, folder):
    names = [f"{at}.cose" for at in range(8)]
    for name in names:
        (folder / name).write_bytes(token())
    (folder / "3.cose").unlink()
    # As if it was put there after the folder was listed: nobody ever writes into it.
    os.mkfifo(folder / "3.cose")
    began = time.monotonic()
    assert workers(names, seconds=1.0) == [
        (name, "it takes too long to read" if name == "3.cose" else "read") for name in names
    ]
    assert time.monotonic() - began < 10


def test_a_file_that_a_process_dies_of_costs_one_row(workers, folder):
    names = [f"{at}.cose" for at in range(8)]
    for name in names:
        (folder / name).write_bytes(token())
    (folder / "3.cose").unlink()
    os.mkfifo(folder / "3.cose")

    def kill_who_hangs():
        # Opening it for writing waits until the process is at that file.
        with (folder / "3.cose").open("wb"):
            for each in multiprocessing.active_children():
                each.kill()
                each.join()

    killer = threading.Thread(target=kill_who_hangs)
    killer.start()
    try:
        assert workers(names) == [
            (name, "it cannot be read: the process that looked into it ended"
             if name == "3.cose" else "read") for name in names
        ]  # fmt: skip
    finally:
        killer.join()


def test_a_file_that_needs_too_much_memory_costs_one_row(folder):
    (folder / "bomb.png").write_bytes(picture(6500, 6500))
    (folder / "t.cose").write_bytes(token())
    script = f"""
import resource, sys
from pathlib import Path
from signedcert.cli.bulk.folder import files_in
from signedcert.cli.bulk.folder_workers import FolderWorkers
sys.path.insert(0, {str(Path(__file__).parent.parent)!r})
from issuing import NOW, TRUST
from signedcert.verify.verdict import Policy
if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (450_000_000, 450_000_000))
    folder = Path({str(folder)!r})
    with FolderWorkers(folder, 1, bundle=TRUST.to_bundle(), now=NOW, policy=Policy()) as made:
        for file, looked in made.looked(files_in(folder)):
            print(file.name, looked.error)
"""
    path = folder.parent / "script.py"
    path.write_text(script)
    done = subprocess.run(
        [sys.executable, str(path)], capture_output=True, text=True, timeout=60, check=False
    )
    bomb, good = done.stdout.splitlines()
    assert good == "t.cose None"
    assert bomb in (
        "bomb.png it needs too much memory to be read",
        "bomb.png the picture is damaged, or no PNG or JPEG file",
        "bomb.png it cannot be read: the process that looked into it ended",
    )
