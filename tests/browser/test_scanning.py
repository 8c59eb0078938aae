"""The camera, pictures and files: the same certificate, whichever way it arrives."""

import json
import struct
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from playwright.sync_api import Browser, Playwright
from school import ISSUER, LEARNER, Published
from serving import Server

import signedcert as sc
from conftest import ARGUMENTS, CHROMIUM, OWN, OpenPage, Watched
from signedcert import qr


@pytest.fixture(scope="module")
def picture(site: Published, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The QR code that ``issue`` wrote."""
    path = site.school.folder / "issued" / f"{site.codes['valid']}.png"
    assert path.is_file()
    return path


def _y4m(picture: Path, path: Path) -> None:
    """A film of the picture, as a camera sees it on a desk: YUV 4:2:0, uncompressed."""
    frame = Image.new("RGB", (1280, 720), (170, 160, 150))
    code = Image.open(picture).convert("RGB").resize((560, 560))
    frame.paste(code.rotate(7, expand=True, fillcolor=(170, 160, 150)), (330, 40))
    luma, blue, red = frame.convert("YCbCr").split()
    half = (frame.width // 2, frame.height // 2)
    planes = luma.tobytes() + blue.resize(half).tobytes() + red.resize(half).tobytes()
    head = b"YUV4MPEG2 W1280 H720 F10:1 Ip A1:1 C420jpeg\n"
    path.write_bytes(head + (b"FRAME\n" + planes) * 10)


@pytest.fixture(scope="module")
def filming(
    playwright_started: Playwright,
    server: Server,
    picture: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Browser]:
    film = tmp_path_factory.mktemp("film") / "desk.y4m"
    _y4m(picture, film)
    launched = playwright_started.chromium.launch(
        executable_path=CHROMIUM,
        args=[
            *ARGUMENTS,
            "--use-fake-ui-for-media-stream",
            "--use-fake-device-for-media-stream",
            f"--use-file-for-fake-video-capture={film}",
            f"--host-resolver-rules=MAP {ISSUER}:80 127.0.0.1:{server.port}",
            f"--unsafely-treat-insecure-origin-as-secure=http://{ISSUER}",
        ],
    )
    yield launched
    launched.close()


def test_the_camera_ends_at_a_verdict(filming: Browser, site: Published) -> None:
    """Chromium on Linux has no BarcodeDetector, so the decoder is loaded, and only then."""
    context = filming.new_context(locale="en-GB", permissions=["camera"])
    watched = Watched(context.new_page()).open(OWN + "c/")
    watched.page.get_by_role("button", name="Scan a QR code").wait_for()
    assert not any("decoder" in each for each in watched.requests)
    watched.page.get_by_role("button", name="Scan a QR code").click()
    assert watched.verdict().startswith("Valid, going by the keys")
    assert LEARNER in watched.text()
    assert any(each.endswith("zxing_reader.wasm") for each in watched.requests)
    assert all(each.startswith((OWN, "blob:")) for each in watched.requests)
    assert watched.complaints == []
    # The camera is off again.
    assert watched.page.locator("video").count() == 0 or not watched.page.locator(
        "video"
    ).first.evaluate("(video) => video.srcObject?.active ?? false")
    context.close()


def test_a_camera_that_may_not_be_used(tab: OpenPage, site: Published) -> None:
    watched = tab(quiet=False).open(OWN + "c/")
    watched.page.get_by_role("button", name="Scan a QR code").click()
    dialog = watched.page.get_by_role("dialog")
    dialog.get_by_text("picture of the", exact=False).wait_for()
    dialog.get_by_role("button", name="Stop").click()
    dialog.wait_for(state="hidden")


def _choose(watched: Watched, *paths: Path) -> None:
    with watched.page.expect_file_chooser() as chooser:
        watched.page.get_by_role("button", name="Choose a file").click()
    chooser.value.set_files(paths[0])


def _pdf_with_token(path: Path, token: bytes, picture: Path) -> None:
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(842, 595))
        spec = pikepdf.AttachedFileSpec(pdf, token, filename="certificate.cose")
        pdf.attachments["certificate.cose"] = spec
        pdf.save(path, object_stream_mode=pikepdf.ObjectStreamMode.generate)


@pytest.mark.parametrize("kind", ["png", "jpeg", "svg", "cose", "pdf", "txt"])
def test_a_file_of_each_kind(
    tab: OpenPage, site: Published, picture: Path, tmp_path: Path, kind: str
) -> None:
    token = sc.token_from_text(site.links["valid"])
    path = tmp_path / f"certificate.{kind}"
    match kind:
        case "png":
            path = picture
        case "jpeg":
            Image.open(picture).convert("L").rotate(3, fillcolor=255).save(path, quality=60)
        case "svg":
            path = picture.with_suffix(".svg")
        case "cose":
            path.write_bytes(token)
        case "pdf":
            _pdf_with_token(path, token, picture)
        case _:
            path.write_text(f"My certificate:\n{site.links['valid']}\n", encoding="utf-8")
    watched = tab().open(OWN + "c/")
    _choose(watched, path)
    assert watched.verdict().startswith("Valid, going by the keys")
    assert LEARNER in watched.text()
    assert watched.page.url == OWN + "c/"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The file is empty."),
        (b"\x00\x01\x02\x03", "This page takes PDFs, pictures"),
        (b"%PDF-1.7\n%%EOF", "There is no certificate attached to this PDF."),
        (b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR", "This file cannot be read."),
    ],
)
def test_a_file_without_a_certificate(
    tab: OpenPage, site: Published, tmp_path: Path, content: bytes, said: str
) -> None:
    path = tmp_path / "some.file"
    path.write_bytes(content)
    watched = tab().open(OWN + "c/")
    _choose(watched, path)
    watched.page.get_by_text(said).first.wait_for()


def test_a_picture_without_a_code(tab: OpenPage, site: Published, tmp_path: Path) -> None:
    path = tmp_path / "grey.png"
    Image.new("L", (300, 300), 128).save(path)
    watched = tab().open(OWN + "c/")
    _choose(watched, path)
    watched.page.get_by_text("No QR code could be read in this picture").first.wait_for()


def test_two_certificates_in_one_file_are_not_chosen_from(
    tab: OpenPage, site: Published, picture: Path, tmp_path: Path
) -> None:
    """In the right place, somebody else's code would win."""
    token = sc.token_from_text(site.links["withdrawn"])
    other = tmp_path / "other.png"
    qr.encode(f"http://{ISSUER}/c/", token, error="m").save(other, scale=4)
    ours, theirs = Image.open(picture).convert("L"), Image.open(other).convert("L")
    both = Image.new("L", (ours.width + theirs.width + 40, max(ours.height, theirs.height)), 255)
    both.paste(ours, (0, 0))
    both.paste(theirs, (ours.width + 40, 0))
    both.save(tmp_path / "both.png")
    # What the picture shows is withdrawn; what stands beside it in the file is not.
    hidden = PngInfo()
    hidden.add_text("Comment", site.links["valid"])
    theirs.save(tmp_path / "hidden.png", pnginfo=hidden)
    text = f"{site.links['valid']}\n{site.links['withdrawn']}\n"
    (tmp_path / "both.txt").write_text(text, encoding="utf-8")
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(842, 595))
        for name in ("valid", "withdrawn"):
            content = sc.token_from_text(site.links[name])
            pdf.attachments[name] = pikepdf.AttachedFileSpec(pdf, content, filename=name)
        pdf.save(tmp_path / "both.pdf")
    for name in ("both.png", "hidden.png", "both.txt", "both.pdf"):
        watched = tab().open(OWN + "c/")
        _choose(watched, tmp_path / name)
        # A message may well speak of several. A document that does is not to be relied on.
        said = "There are several" if name == "both.txt" else "Not valid: this file holds different"
        watched.page.get_by_text(said).first.wait_for()


def test_a_dense_code_of_a_record(tab: OpenPage, site: Published, tmp_path: Path) -> None:
    """A share that carries itself: some version 20, in one picture."""
    path = tmp_path / "share.png"
    token = sc.token_from_text(site.links["share"])
    qr.encode(f"http://{ISSUER}/r/", token, error="m").save(path, scale=4)
    watched = tab().open(OWN + "r/")
    _choose(watched, path)
    assert watched.verdict().startswith("Valid, going by the keys")


def test_dropping_and_pasting(tab: OpenPage, site: Published) -> None:
    watched = tab().open(OWN + "c/")
    watched.page.get_by_role("heading", level=1).wait_for()
    token = list(sc.token_from_text(site.links["valid"]))
    watched.page.evaluate(
        """(bytes) => {
          const dropped = new DataTransfer();
          dropped.items.add(new File([new Uint8Array(bytes)], "a.cose"));
          for (const type of ["dragenter", "dragover", "drop"])
            document.body.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true,
              dataTransfer: dropped }));
        }""",
        token,
    )
    assert watched.verdict().startswith("Valid")
    watched.page.evaluate(
        """(text) => {
          const pasted = new DataTransfer();
          pasted.setData("text/plain", text);
          document.body.dispatchEvent(new ClipboardEvent("paste", { bubbles: true,
            cancelable: true, clipboardData: pasted }));
        }""",
        site.links["withdrawn"],
    )
    watched.page.get_by_role("heading", name="Not valid: withdrawn by the issuer").wait_for()


def test_what_can_be_kept_of_it(tab: OpenPage, site: Published, tmp_path: Path) -> None:
    """The token, byte for byte; and a report like that of ``verify --json``, with more."""
    watched = tab(permissions=["clipboard-read", "clipboard-write"]).open(OWN + site["valid"])
    watched.whole()
    with watched.page.expect_download() as download:
        watched.page.get_by_role("button", name="Download certificate").click()
    saved = tmp_path / "saved.cose"
    download.value.save_as(saved)
    assert saved.read_bytes() == sc.token_from_text(site.links["valid"])
    with watched.page.expect_download() as download:
        watched.page.get_by_role("button", name="Save report").click()
    download.value.save_as(tmp_path / "report.json")
    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert report["status"] == "VALID"
    assert [each["check"] for each in report["findings"]][:3] == [
        "FORMAT",
        "ISSUER_TRUSTED",
        "SIGNATURE",
    ]
    assert report["statement"]["learner"] == {"name": LEARNER}
    assert ISSUER in json.dumps({k: v for k, v in report.items() if k != "statement"})
    watched.page.get_by_role("button", name="Copy link").click()
    watched.page.get_by_text("The link was copied.").wait_for()
    copied = watched.page.evaluate("navigator.clipboard.readText()")
    assert copied.partition("#")[2] == site.links["valid"].partition("#")[2]
