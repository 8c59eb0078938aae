"""An employer's own trust file: it decides alone, is shown, is kept, and can be removed."""

from pathlib import Path

from school import Published, School, trust_of

from conftest import OWN, OpenPage, Watched


def _offer(watched: Watched, path: Path) -> None:
    watched.page.get_by_role("button", name="Keys and trust").first.click()
    with watched.page.expect_file_chooser() as chooser:
        watched.page.get_by_role("button", name="Choose a trust file").click()
    chooser.value.set_files(path)
    watched.page.get_by_role("button", name="Import it").click()


def _import(watched: Watched, path: Path) -> None:
    _offer(watched, path)
    watched.page.get_by_text("The trust file was imported.").first.wait_for()
    watched.page.keyboard.press("Escape")


def test_with_an_own_trust_file_valid_is_valid(tab: OpenPage, site: Published) -> None:
    watched = tab().open(OWN + "c/")
    _import(watched, site.trust)
    watched.open(OWN + site["valid"])
    assert watched.verdict() == "Valid, by your own trust file"
    assert watched.tone == "valid"
    assert "Your own trust file trust.bundle, imported on" in watched.text()
    # It is kept, and counts for course records as well.
    watched.page.reload()
    assert watched.verdict() == "Valid, by your own trust file"
    watched.open(OWN + site["share"])
    assert watched.verdict() == "Valid, by your own trust file"


def test_the_own_trust_file_decides_alone(tab: OpenPage, site: Published) -> None:
    watched = tab().open(OWN + "c/")
    _import(watched, site.other_trust)
    watched.open(OWN + site["valid"])
    assert watched.verdict() == "Not decided: its signing key is not known here"
    button = watched.page.get_by_role("button", name="Check by the keys this page publishes")
    button.click()
    watched.page.get_by_role("heading", name="Valid, going by the keys").wait_for()
    assert watched.tone == "qualified"
    watched.open(OWN + "c/")
    watched.open(OWN + site["foreign"])
    assert watched.verdict() == "Valid, by your own trust file"


def test_it_can_be_removed(tab: OpenPage, site: Published) -> None:
    watched = tab().open(OWN + "c/")
    _import(watched, site.other_trust)
    watched.page.get_by_role("button", name="Keys and trust").first.click()
    dialog = watched.page.get_by_role("dialog")
    assert "other.example.org" in dialog.inner_text()
    dialog.get_by_role("button", name="Remove").click()
    dialog.get_by_text("With your own trust file you decide whose certificates count").wait_for()
    watched.page.keyboard.press("Escape")
    watched.open(OWN + site["valid"])
    assert watched.verdict().startswith("Valid, going by the keys")


def test_a_file_that_is_none_is_refused(tab: OpenPage, site: Published, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.bundle"
    damaged.write_bytes(site.trust.read_bytes()[:-7])
    watched = tab().open(OWN + "c/")
    _offer(watched, damaged)
    watched.page.get_by_text("The file was not imported.").first.wait_for()


def _remove(watched: Watched) -> None:
    watched.page.get_by_role("button", name="Keys and trust").first.click()
    dialog = watched.page.get_by_role("dialog")
    dialog.get_by_role("button", name="Remove").click()
    dialog.get_by_text("With your own trust file you decide whose certificates count").wait_for()
    watched.page.keyboard.press("Escape")


def test_another_tab_hears_of_a_file_and_of_its_removal(tab: OpenPage, site: Published) -> None:
    """No tab goes on by what was decided otherwise in another one."""
    first = tab().open(OWN + site["valid"])
    assert first.verdict().startswith("Valid, going by the keys")
    second = Watched(first.page.context.new_page()).open(OWN + "r/")
    _import(second, site.trust)
    first.page.get_by_role("heading", name="Valid, by your own trust file").wait_for()
    _remove(second)
    first.page.get_by_role("heading", name="Valid, going by the keys").wait_for()
    assert first.tone == "qualified"


def test_who_asks_is_remembered_when_the_file_changes(tab: OpenPage, site: Published) -> None:
    watched = tab().open(OWN + site["share"])
    watched.whole()
    watched.page.get_by_label("Who are you?").fill("Somebody else")
    watched.page.get_by_role("button", name="Compare").click()
    watched.page.get_by_role("heading", name="prepared for somebody else").wait_for()
    _import(watched, site.trust)
    watched.page.wait_for_timeout(500)
    assert "prepared for somebody else" in watched.verdict()


def test_a_file_with_another_root_does_not_take_the_place_of_the_first(
    tab: OpenPage, site: Published, tmp_path: Path
) -> None:
    forger = School(tmp_path / "forger")
    forger.set_up()
    forged = tmp_path / "forged.bundle"
    forged.write_bytes(trust_of(forger))
    watched = tab().open(OWN + "c/")
    _import(watched, site.trust)
    _offer(watched, forged)
    watched.page.get_by_text("it contradicts the one that is kept").first.wait_for()
    watched.page.keyboard.press("Escape")
    watched.open(OWN + site["valid"])
    assert watched.verdict() == "Valid, by your own trust file"
