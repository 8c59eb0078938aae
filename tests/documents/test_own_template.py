import io
import json
import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
import typst
from on_paper import full, printed_of

from signedcert.documents import Format, MissingGlyphError, Printer, TemplateError, Theme, fonts
from signedcert.documents.confined import Limits, Measure, TaskRefused
from signedcert.documents.own_svg import check_own_svg
from signedcert.documents.own_template import OwnTemplate
from signedcert.documents.own_template_faults import template_fault
from signedcert.documents.own_template_files import copy_template
from signedcert.documents.own_template_task import answer

PLAIN = """
#let certificate(data, picture) = [= #data.learner.name]
#let record = certificate
"""
#: A template that does what the data say. The one thing that no honest designer writes.
OBEYING = """
#let certificate(data, picture) = eval(data.code, mode: "code", scope: (data: data))
#let record = certificate
"""
INPUTS: dict[str, Any] = {
    "data": {
        "kind": "certificate",
        "language": "en",
        "direction": "ltr",
        "title": "A certificate",
        "authors": ["A university"],
        "learner": {"name": "Jacob Ångström"},
    },
    "date": [2026, 11, 2],
    "paper": "a4",
    "theme": {"primary": "#1b365d", "accent": "#8a6d2f", "on_primary": "#ffffff"},
    "fonts": {"extra": []},
    "qr": None,
    "portrait": None,
    "attachments": [],
    "design": "/own/design.typ",
}
#: A plugin whose only function never returns: (loop (br 0)).
LOOPING_PLUGIN = bytes.fromhex(
    "0061736d01000000 010501600001 7f 03020100 0503010001"
    "070e02066d656d6f72790200016600000a0b01090003400c000b41000b"
)


def folder_with(path: Path, design: str = PLAIN, **others: bytes) -> Path:
    path.mkdir()
    (path / "design.typ").write_text(design, encoding="utf-8")
    for name, content in others.items():
        (path / name.replace("__", ".")).write_bytes(content)
    return path


def taken(template: Path, place: Path, limits: Limits | None = None) -> OwnTemplate:
    root = place / "root"
    shutil.copytree(str(files("signedcert.documents") / "designs"), root)
    return OwnTemplate(template, root, fonts.folders(), limits)


def inputs(code: str = "") -> str:
    return json.dumps(INPUTS | {"data": INPUTS["data"] | {"code": code}})


@pytest.fixture(scope="module")
def obeying(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnTemplate]:
    place = tmp_path_factory.mktemp("obeying")
    template = folder_with(place / "template", OBEYING, loop__wasm=LOOPING_PLUGIN)
    with taken(template, place, Limits(seconds=20, memory=700_000_000)) as own:
        yield own


def fault(own: OwnTemplate, code: str, output: Format = Format.PDF) -> str:
    with pytest.raises(TemplateError) as error:
        own.compile(inputs(code), output)
    return str(error.value)


def copy_fault(template: Path, place: Path) -> str:
    with pytest.raises(TemplateError) as error:
        copy_template(template, place / "copy")
    return str(error.value)


def test_an_honest_template_is_set_in_every_format(tmp_path):
    with taken(folder_with(tmp_path / "template"), tmp_path) as own:
        (pdf,) = own.compile(inputs(), Format.PDF)
        (png,) = own.compile(inputs(), Format.PNG, 72)
        (svg,) = own.compile(inputs(), Format.SVG)
    document = pypdfium2.PdfDocument(pdf)
    assert "Jacob Ångström" in document[0].get_textpage().get_text_bounded()
    document.close()
    assert png.startswith(b"\x89PNG")
    assert svg.startswith(b"<svg")


def test_a_theme_with_a_template_prints_a_real_certificate(tmp_path):
    printed = printed_of(full())
    template = folder_with(
        tmp_path / "template",
        """
        #import "parts/name.typ": name
        #let certificate(data, picture) = {
          set page(width: 297mm, height: 210mm)
          set text(font: "Inter", fill: data.theme.primary)
          name(data)
          for each in (data.institution, data.course.title, data.award, data.result.text) {
            par(each)
          }
          for each in (data.completed_on, data.issued_at, data.code) { par(each) }
          picture(data.qr, width: 40mm)
          image("dot.svg", alt: "A dot")
          link(data.verify_url, data.verify_short)
        }
        #let record = certificate
        """,
        dot__svg=b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>',
    )
    (template / "parts").mkdir()
    (template / "parts" / "name.typ").write_text("#let name(data) = heading(data.learner.name)")
    (template / ".git").mkdir()
    (template / ".git" / "link").symlink_to("/etc/passwd")
    with Printer(Theme(template=template)) as printer:
        pdf = printer.pdf(printed)
        (png,), (svg,) = printer.png(printed, 72), printer.svg(printed)
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        (name,) = opened.attachments
        assert opened.attachments[name].get_file().read_bytes() == printed.token
    assert png.startswith(b"\x89PNG")
    assert b"https://learn.example.edu/c/" in svg


@pytest.mark.parametrize(
    "attached",
    [
        'pdf.attach("other.cose", bytes((1, 2, 3)), relationship: "source")',
        'pdf.attach("invoice.xml", bytes("x"), relationship: "data", mime-type: "text/xml")',
    ],
)
def test_a_template_that_attaches_anything_is_refused(tmp_path, attached):
    design = f"#let certificate(data, picture) = {{ {attached}; [x] }}\n#let record = certificate"
    template = folder_with(tmp_path / "template", design)
    with Printer(Theme(template=template)) as printer, pytest.raises(TemplateError):
        printer.pdf(printed_of(full()))


@pytest.mark.parametrize(
    "path",
    [
        "../../../../../../etc/passwd",
        "/../../../../../etc/passwd",
        "/etc/passwd",
        "../../../template/design.typ",
        "own/../../../etc/passwd",
        "file:///etc/passwd",
    ],
)
def test_nothing_outside_its_folder_can_be_read(obeying, path):
    for code in (f'read("{path}")', f'image("{path}", alt: "x")', f'include "{path}"'):
        message = fault(obeying, code)
        assert "root:" not in message
        assert any(
            each in message for each in ("escape the project", "not found", "failed to load")
        ), message


@pytest.mark.parametrize("kind", ["read", "json", "csv", "xml", "yaml", "toml", "cbor", "plugin"])
def test_no_way_of_loading_leads_outside(obeying, kind):
    assert "escape the project root" in fault(obeying, f'{kind}("../../../../etc/passwd")')


def test_packages_are_refused_where_they_are_named(tmp_path):
    template = folder_with(tmp_path / "template", '#import "@preview/cetz:0.3.0"\n' + PLAIN)
    message = copy_fault(template, tmp_path)
    assert message.startswith("design.typ:1: it imports the package @preview/cetz:0.3.0")


@pytest.mark.parametrize("space", ["preview", "local", "other"])
def test_packages_are_refused_where_their_name_is_computed(obeying, space):
    message = fault(obeying, f'import ("@" + "{space}/x:1.0.0")')
    assert message.endswith(
        "it imports a package. Packages are not taken; put its files into the folder"
    )


def test_packages_of_the_users_own_are_not_found_even_where_nothing_is_confined(
    tmp_path, monkeypatch
):
    packages = tmp_path / "typst" / "packages" / "local" / "mine" / "1.0.0"
    packages.mkdir(parents=True)
    (packages / "typst.toml").write_text(
        '[package]\nname = "mine"\nversion = "1.0.0"\nentrypoint = "lib.typ"\n'
    )
    (packages / "lib.typ").write_text('#let found = "found"')
    for name in ("XDG_DATA_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    source = '#import "@local/mine:1.0.0": found'
    assert typst.compile(source.encode(), format="pdf")
    main = tmp_path / "root" / "main.typ"
    main.parent.mkdir()
    main.write_text(source)
    request = {
        "root": str(main.parent),
        "main": str(main),
        "fonts": [],
        "packages": str(main.parent / "no-packages"),
        "data": "",
        "options": {"format": "pdf"},
    }
    with pytest.raises(TaskRefused, match="package not found"):
        answer(json.dumps(request).encode())


_FETCHING = "import typst; typst.compile(b'#import \"@preview/cetz:0.3.0\"')"


def connections(act: Callable[[], object], monkeypatch: pytest.MonkeyPatch) -> int:
    """How many connections a proxy sees that everything of this process is told to use."""
    seen: list[int] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"http://127.0.0.1:{server.getsockname()[1]}"
        for name in ("http_proxy", "https_proxy", "all_proxy"):
            monkeypatch.setenv(name, address)
            monkeypatch.setenv(name.upper(), address)

        def accept() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                seen.append(1)
                connection.close()

        thread = threading.Thread(target=accept)
        thread.start()
        act()
        server.shutdown(socket.SHUT_RDWR)
        thread.join()
    return len(seen)


def test_a_listening_proxy_sees_no_connection(tmp_path, monkeypatch):
    def act() -> None:
        with taken(folder_with(tmp_path / "template", OBEYING), tmp_path) as own:
            assert "imports a package" in fault(own, 'import ("@pre" + "view/cetz:0.3.0")')

    assert connections(act, monkeypatch) == 0


def test_the_proxy_would_have_seen_it(monkeypatch):
    def act() -> None:
        subprocess.run([sys.executable, "-c", _FETCHING], capture_output=True, check=False)

    assert connections(act, monkeypatch) > 0


@pytest.mark.parametrize(
    "code",
    [
        "for i in range(1000000) { for j in range(1000000) { let x = calc.pow(2, 3) } }",
        'import plugin("loop.wasm"): f; f()',
        'import plugin(read("loop.wasm", encoding: none)): f; f()',
    ],
)
def test_what_does_not_end_is_ended(tmp_path, code):
    template = folder_with(tmp_path / "template", OBEYING, loop__wasm=LOOPING_PLUGIN)
    with taken(template, tmp_path, Limits(seconds=0.7)) as own:
        assert "took longer than 0.7 s" in fault(own, code)


@pytest.mark.parametrize(
    "code",
    [
        '"x" * 1000000000',
        "(1,) * 1000000000",
        "range(1000000000)",
    ],
)
def test_what_needs_too_much_memory_is_ended(obeying, code):
    assert "needed more than 700 MB" in fault(obeying, code)
    assert obeying.compile(inputs("[still here]"), Format.PDF)


def test_pages_of_absurd_size_or_number_are_refused(obeying):
    large = "{ set page(width: 90000pt, height: 90000pt); [x] }"
    assert "needed more than 700 MB" in fault(obeying, large, Format.PNG)
    many = "for i in range(300) { [x]; pagebreak() }"
    assert "more than 200 pages" in fault(obeying, many, Format.SVG)


def test_endless_recursion_is_a_fault(obeying):
    assert "maximum" in fault(obeying, "let f(x) = f(x + 1); f(1)")


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "JavaScript:x", "data:text/html,x", "file:///x"]
)
def test_svg_pages_lead_to_nothing_that_runs(obeying, url):
    assert "the template links to" in fault(obeying, f'link("{url}")[x]', Format.SVG)
    assert obeying.compile(inputs('link("https://x.example/")[x]'), Format.SVG)


@pytest.mark.parametrize(
    "page",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>x</script></svg>",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='x'/>",
        b"<svg><use href='https://x.example/a.svg#b'/></svg>",
        b"<svg><image href='https://x.example/a.png'/></svg>",
        b"<!DOCTYPE svg><svg/>",
        b"<svg",
    ],
)
def test_svg_pages_hold_nothing_that_runs_or_loads(page):
    with pytest.raises(TemplateError):
        check_own_svg(page)


def test_svg_pages_with_everything_that_typst_draws_are_taken(obeying):
    drawn = """
      rect(fill: gradient.linear(red, blue)); rect(fill: tiling(size: (3pt, 3pt), circle()))
      circle(fill: gradient.conic(red, blue)); circle(fill: gradient.radial(red, blue))
      box(clip: true, radius: 2pt, rotate(7deg)[Text]); $ x^2 / 3 $
      image(bytes("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 1 1'/>"), alt: "x")
      link("mailto:a@x.example")[mail]
    """
    assert obeying.compile(inputs(drawn), Format.SVG)


def test_a_fault_leads_to_the_designers_line_and_names_no_place_of_this_machine(tmp_path):
    design = '#import "parts.typ": part\n' + PLAIN.replace("#data.learner.name", "#part(data)")
    template = folder_with(
        tmp_path / "template", design, parts__typ=b'\n\n#let part(data) = read("missing.txt")'
    )
    with taken(template, tmp_path) as own:
        message = fault(own, "")
    assert message.startswith("parts.typ:3: file not found")
    assert str(tmp_path) not in message


@pytest.mark.parametrize(
    ("design", "why"),
    [
        ("#let x = (", "design.typ:1: unclosed delimiter"),
        ("#let certificate(data, picture) = []", "design.typ must have two functions"),
        ("#let certificate() = []\n#let record = certificate", "unexpected argument"),
    ],
)
def test_a_design_that_does_not_fit_is_told_so(tmp_path, design, why):
    with taken(folder_with(tmp_path / "template", design), tmp_path) as own:
        assert why in fault(own, "")


def test_a_missing_character_is_told_as_for_our_own_designs(obeying):
    with pytest.raises(MissingGlyphError, match="no font at hand has"):
        obeying.compile(inputs("[\U00013000]"), Format.PDF)


def test_hostile_words_of_a_template_are_shown_harmlessly(obeying):
    message = fault(obeying, 'panic("\\u{1b}[31mred \\u{202e}turned\\nline")')
    assert message.isprintable()
    assert len(fault(obeying, 'panic("x" * 100000)')) < 2000


@pytest.mark.parametrize(
    "said", ["", "{}", "[]", "null", '{"message": 1}', "[" * 100_000, '{"message": "x"}']
)
def test_hostile_answers_of_the_process_are_a_fault(said):
    assert isinstance(template_fault(said, "/folder", "own"), TemplateError)


@pytest.mark.parametrize("folder", [False, True])
def test_symbolic_links_are_refused(tmp_path, folder):
    template = folder_with(tmp_path / "template")
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "file").write_text("secret")
    link = template / "link"
    link.symlink_to(tmp_path / "secret" if folder else tmp_path / "secret" / "file")
    assert "link is a symbolic link" in copy_fault(template, tmp_path)


def test_links_within_the_template_are_refused_too(tmp_path):
    template = folder_with(tmp_path / "template")
    (template / "copy.typ").symlink_to("design.typ")
    assert "copy.typ is a symbolic link" in copy_fault(template, tmp_path)


def test_a_hard_link_is_refused(tmp_path):
    template = folder_with(tmp_path / "template")
    (tmp_path / "secret").write_text("secret")
    os.link(tmp_path / "secret", template / "data.txt")
    assert "a hard link" in copy_fault(template, tmp_path)


def test_pipes_and_sockets_are_refused_without_waiting(tmp_path, monkeypatch):
    os.mkfifo(folder_with(tmp_path / "pipe") / "data.txt")
    assert "neither a file nor a folder" in copy_fault(tmp_path / "pipe", tmp_path)
    monkeypatch.chdir(folder_with(tmp_path / "socket"))
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("data.txt")
        assert "data.txt cannot be read" in copy_fault(tmp_path / "socket", tmp_path / "pipe")


@pytest.mark.parametrize(
    ("fill", "why"),
    [
        (lambda path: [(path / f"{n}.txt").write_text("") for n in range(500)], "500 files"),
        (lambda path: (path / "/".join("abcdefghi")).mkdir(parents=True), "8 deep"),
        (lambda path: [(path / f"{n}").write_bytes(bytes(9_000_000)) for n in range(4)], "32 MB"),
        (lambda path: os.truncate(path / "design.typ", 10**12), "32 MB"),
        (lambda path: (path / "a\nb.txt").write_text(""), "rename it"),
        (lambda path: Path(os.fsdecode(os.fsencode(path) + b"/\xff")).write_text(""), "rename it"),
        (lambda path: (path / "design.typ").unlink(), "has no file design.typ"),
        (shutil.rmtree, "cannot be read"),
    ],
)
def test_too_much_or_too_little_is_refused(tmp_path, fill, why):
    fill(folder_with(tmp_path / "template"))
    assert why in copy_fault(tmp_path / "template", tmp_path)


def test_what_is_swapped_while_it_is_copied_never_becomes_a_link(tmp_path):
    (tmp_path / "secret").write_bytes(b"secret")
    template = folder_with(tmp_path / "template", data__txt=b"harmless")
    (tmp_path / "link").symlink_to(tmp_path / "secret")
    stop = threading.Event()

    def swap() -> None:
        while not stop.is_set():
            (tmp_path / "link").rename(tmp_path / "next")
            (template / "data.txt").rename(tmp_path / "link")
            (tmp_path / "next").rename(template / "data.txt")

    thread = threading.Thread(target=swap)
    thread.start()
    copied = 0
    try:
        for n in range(150):
            try:
                copy_template(template, tmp_path / f"copy-{n}")
            except TemplateError:
                continue
            found = tmp_path / f"copy-{n}" / "data.txt"
            if found.exists():
                copied += 1
                assert not found.is_symlink()
                assert found.read_bytes() == b"harmless"
    finally:
        stop.set()
        thread.join()
    assert copied, "the swapped file was never seen as a file"


def test_the_copy_is_for_nobody_else(tmp_path):
    copy_template(folder_with(tmp_path / "template"), tmp_path / "copy")
    assert (tmp_path / "copy").stat().st_mode & 0o077 == 0
    assert (tmp_path / "copy" / "design.typ").stat().st_mode & 0o077 == 0


@pytest.mark.skipif(sys.platform != "linux", reason="these are of Linux")
def test_typst_itself_runs_with_every_measure(obeying):
    assert Measure.DIES_WITH_PARENT in obeying.confinement()
    assert Measure.NO_NEW_PRIVILEGES in obeying.confinement()
