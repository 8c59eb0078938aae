"""The page by WeasyPrint: ``python -m benchmarks.documents_peers.weasyprint_page`` (see below)."""

import base64
import json
import sys
from functools import partial
from html import escape
from pathlib import Path

from weasyprint import CSS, HTML, Attachment
from weasyprint.text.fonts import FontConfiguration

from benchmarks.documents_peers.page import Font, fonts_in, page_of
from benchmarks.documents_peers.timing import Content, contents_in, on_one_core, timed

#: Level A has tags, which ours have too. Only one variant can be had at a time.
VARIANTS = ("pdf/a-3a", "pdf/ua-1")
_STYLE = """
@page { size: A4 landscape; margin: 12mm; }
body { font-family: "EB Garamond", "Amiri", serif; color: #222; font-size: 11pt; margin: 0; }
main { border: 1.5pt solid #8a6d2f; height: 184mm; padding: 10mm; box-sizing: border-box; }
header { display: flex; justify-content: space-between; color: #1b365d; }
p { margin: 1mm 0; } .middle { text-align: center; }
h1 { font-size: 30pt; font-weight: 500; margin: 2mm 0; color: #1b365d; }
h2 { font-size: 20pt; font-weight: 600; margin: 2mm 0; }
dl { display: flex; justify-content: center; margin: 2mm 0; } dl div { margin: 0 6mm; }
dt { font-size: 8pt; color: #666; } dd { margin: 0; }
.signatories { display: flex; justify-content: center; }
.signatories div { border-top: .5pt solid #222; margin: 8mm 6mm 0; padding: 0 6mm; }
footer { display: flex; justify-content: space-between; align-items: flex-end; }
.small { font-size: 7.5pt; width: 170mm; } .check { font-size: 7.5pt; text-align: right; }
a { color: inherit; }
"""


def markup(content: Content) -> str:
    """The page as HTML."""
    page = page_of(content["variables"])
    facts = "".join(
        f"<div><dt>{escape(label)}</dt><dd>{escape(value)}</dd></div>"
        for label, value in page.facts
    )
    signatories = "".join(
        f"<div>{escape(name)}<br><small>{escape(title)}</small></div>"
        for name, title in page.signatories
    )
    small = "".join(f"<p>{escape(text)}</p>" for text in page.small)
    check = "<br>".join(escape(line) for line in page.check)
    code = base64.b64encode(content["qr"]["svg"].encode()).decode()
    return f"""<!doctype html><html lang="{page.language}" dir="{page.direction}"><head>
<title>{escape(page.title)}</title><meta name="author" content="{escape(page.author)}">
<meta name="dcterms.created" content="{page.date}"></head><body><main>
<header><span>{escape(page.institution)}</span><span>{escape(page.award)}</span></header>
<section class="middle"><p>{escape(page.certifies)}</p>
<h1 dir="{page.learner_direction}">{escape(page.learner)}</h1><p>{escape(page.completed)}</p>
<h2>{escape(page.course)}</h2><p>{escape(page.offered_by)}</p><dl>{facts}</dl>
<div class="signatories">{signatories}</div></section>
<footer><div class="small">{small}</div><div class="check">
<a href="{escape(page.link)}"><img alt="{escape(content["qr"]["alt"])}"
style="width: {content["qr"]["side"]}mm" src="data:image/svg+xml;base64,{code}"></a><br>{check}
</div></footer></main></body></html>"""


class Pages:
    """Makes the pages, with fonts and style sheet read once."""

    def __init__(self, fonts: list[Font]) -> None:
        faces = "".join(
            f'@font-face {{ font-family: "{each["family"]}"; font-weight: {each["weight"]}; '
            f'src: url("{Path(each["file"]).as_uri()}"); }}'
            for each in fonts
        )
        self._fonts = FontConfiguration()
        self._style = CSS(string=faces + _STYLE, font_config=self._fonts)

    def pdf(self, content: Content, variant: str) -> bytes:
        """The page with the token attached."""
        attachment = Attachment(
            string=base64.b64decode(content["token"]),
            name=content["token_name"],
            description="The signed token (COSE_Sign1)",
            relationship="Source",
        )
        made: bytes = HTML(string=markup(content)).write_pdf(
            stylesheets=[self._style],
            font_config=self._fonts,
            attachments=[attachment],
            pdf_variant=variant,
        )
        return made


def main() -> None:
    """Times, and samples beside the contents: ``CONTENTS.json SPECIMENS.json FONTS.json OUT``."""
    on_one_core()
    contents, specimens, fonts, out = (Path(each) for each in sys.argv[1:])
    pages = Pages(fonts_in(fonts))
    found = {}
    for variant in VARIANTS:
        found[variant] = timed(contents_in(contents), partial(pages.pdf, variant=variant))
        for number, specimen in enumerate(contents_in(specimens)):
            name = variant.replace("/", "-")
            (out / f"weasyprint-{name}-{number}.pdf").write_bytes(pages.pdf(specimen, variant))
    print(json.dumps(found))


if __name__ == "__main__":
    main()
