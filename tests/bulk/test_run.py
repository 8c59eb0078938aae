"""What a run over a roster gives its rows, and what it refuses."""

import json
import os
import stat
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet
from run_school import HEADER, certificates, check_all, make_school, never, row, write_roster
from typer.testing import CliRunner

import softhsm
from signedcert import bulk
from signedcert.cli.app import app
from signedcert.model.code import id_from_code
from signedcert.workspace.workspace import Workspace

LATER = "2027-06-01T10:00:00Z"


class School:
    """An issuer whose commands are run in this process."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.workspace = folder, folder / "workspace"
        self.owner = make_school(self.workspace, list_size=64)

    def run(self, *arguments: object, **env: str) -> tuple[int, str, str]:
        command = [*map(str, arguments), "--workspace", str(self.workspace)]
        result = CliRunner().invoke(app, command, env=env)
        assert result.exception is None or isinstance(result.exception, SystemExit), result
        assert "Traceback" not in result.output
        return result.exit_code, result.stdout, result.stderr

    def issue(self, roster: Path, out: str = "out", *options: object, code: int = 0):
        """What ``bulk issue --json`` prints, and the result's rows."""
        path = self.folder / f"{out}.parquet"
        found, printed, said = self.run("bulk", "issue", roster, "--out", path, "--json", *options)
        assert found == code, said
        return json.loads(printed), certificates(path)

    def refused(self, *arguments: object, code: int = 2) -> str:
        found, printed, said = self.run(*arguments)
        assert (found, printed) == (code, ""), said
        return said

    def roster(self, *lines: str, name: str = "roster.csv") -> Path:
        path = self.folder / name
        path.write_text(HEADER + "".join(lines), encoding="utf-8")
        return path

    def errors(self, out: str = "out") -> list[str]:
        text = (self.folder / f"{out}.errors.csv").read_text(encoding="utf-8-sig")
        return text.splitlines()


@pytest.fixture
def school(tmp_path):
    return School(tmp_path)


def counts(printed):
    return tuple(printed[name] for name in ("rows", "issued", "known", "repeats", "failed"))


class TestRows:
    def test_each_gets_a_valid_certificate_of_its_own(self, school):
        roster = write_roster(school.folder / "roster.csv", 300, keyed=True)
        printed, _ = school.issue(roster)
        assert counts(printed) == (300, 300, 0, 0, 0)
        found = check_all(school.owner, school.folder / "out.parquet", 300)
        assert {each["outcome"] for each in found} == {"issued"}
        assert [each["key"] for each in found] == [f"e{n}" for n in range(300)]
        assert found[4]["learner"] == "Learner 4"
        assert found[4]["course"] == "Course 4"
        mode = (school.folder / "out.parquet").stat().st_mode
        assert stat.S_IMODE(mode) == 0o600
        # Five lists of 64 places: no place was left out.
        with school.owner.open_ledger(datetime.now(UTC)) as ledger:
            assert sum(each.allocated for each in ledger.lists()) == 300

    def test_the_same_again_says_that_it_is_done(self, school):
        roster = write_roster(school.folder / "roster.csv", 20)
        printed, found = school.issue(roster)
        before = (school.folder / "out.parquet").read_bytes()
        again, same = school.issue(roster)
        assert again["finished_before"]
        assert not printed["finished_before"]
        assert counts(again) == counts(printed)
        assert (same, before) == (found, (school.folder / "out.parquet").read_bytes())
        code, told, _ = school.run("bulk", "issue", roster, "--out", school.folder / "out.parquet")
        assert code == 0
        assert "made by this very run; nothing to do" in told

    def test_into_another_file_they_get_the_same_and_no_places_are_spent(self, school):
        roster = write_roster(school.folder / "roster.csv", 20)
        _, found = school.issue(roster)
        printed, again = school.issue(roster, "again")
        assert counts(printed) == (20, 0, 20, 0, 0)
        assert [each["token"] for each in again] == [each["token"] for each in found]
        assert [each["link"] for each in again] == [each["link"] for each in found]
        with school.owner.open_ledger(datetime.now(UTC)) as ledger:
            assert sum(each.allocated for each in ledger.lists()) == 20

    def test_rows_that_say_the_same_share_one_certificate_and_that_is_said(self, school):
        roster = school.roster(row(1), row(2), row(1), row(1))
        printed, found = school.issue(roster)
        assert counts(printed) == (4, 2, 2, 2, 0)
        assert [each["outcome"] for each in found] == ["issued", "issued", "known", "known"]
        assert found[0]["token"] == found[2]["token"] == found[3]["token"]
        _, told, _ = school.run("bulk", "issue", roster, "--out", school.folder / "b.parquet")
        assert "say exactly what an earlier row says" in told

    def test_rows_that_repeat_others_which_another_worker_signs_at_that_moment(self, school):
        lines = [row(n % 1500) for n in range(2500)]
        lines += [row(1, key="a"), *(row(n) for n in range(1500)), row(2, key="a")]
        printed, found = school.issue(school.roster(*lines), code=1)
        assert counts(printed) == (4002, 1501, 2500, 2500, 1)
        assert [each["line"] for each in found] == list(range(2, 4003))
        codes = [each["code"] for each in found]
        assert codes[:1500] == codes[2501:]
        assert codes[:1000] == codes[1500:2500]
        assert len({*codes}) == 1501
        assert [each["outcome"] for each in found].count("issued") == 1501
        assert "key a stands with another learner.name, course.title" in school.errors()[1]

    def test_a_new_row_among_known_ones(self, school):
        school.issue(school.roster(row(1), row(2)))
        printed, found = school.issue(school.roster(row(1), row(3), row(2)), "more")
        assert counts(printed) == (3, 1, 2, 0, 0)
        assert [each["outcome"] for each in found] == ["known", "issued", "known"]

    def test_keys_tell_learners_of_one_name_apart(self, school):
        lines = [row(1, key="a"), row(1, key="b"), row(1)]
        printed, found = school.issue(school.roster(*lines))
        assert counts(printed) == (3, 3, 0, 0, 0)
        assert len({each["code"] for each in found}) == 3

    def test_another_content_under_a_key_is_refused(self, school):
        _, (first,) = school.issue(school.roster(row(1, key="a")))
        changed = row(1, key="a", learner="Somebody Else")
        printed, found = school.issue(school.roster(changed, row(2)), "b", code=1)
        assert counts(printed) == (2, 1, 0, 0, 1)
        assert [each["line"] for each in found] == [3]
        assert school.errors("b")[1] == (
            '2,a,Somebody Else,"key a was issued before with another learner.name: as '
            f"{first['code']}; use another key, or correct that one: signedcert supersede "
            f'{first["code"]}"'
        )
        twice = school.roster(row(5, key="x"), row(6, key="x"), row(5, key="x"))
        printed, found = school.issue(twice, "c", code=1)
        assert counts(printed) == (3, 1, 1, 1, 1)
        assert "in an earlier row" in school.errors("c")[1]

    def test_without_links_and_without_status(self, school):
        _, (found,) = school.issue(school.roster(row(1)), "a", "--no-links", "--no-status")
        assert (found["link"], found["status_list"], found["status_index"]) == (None,) * 3
        # What it was issued with, it keeps.
        _, (again,) = school.issue(school.roster(row(1)), "b")
        assert again["token"] == found["token"]
        assert again["link"].startswith("https://learn.example.edu/c/#")

    def test_bad_rows_have_their_line_and_reason_and_no_formula(self, school):
        lines = (row(1), row(2).replace("2026-11-03", "03/11/2026"), row(3),
                 row(4, key="=1+1", learner=""))  # fmt: skip
        printed, found = school.issue(school.roster(*lines), code=1)
        assert counts(printed) == (4, 2, 0, 0, 2)
        assert [each["line"] for each in found] == [2, 4]
        assert printed["errors"] == str(school.folder / "out.errors.csv")
        header, second, fourth = school.errors()
        assert header == "line,key,learner,reason"
        assert second.startswith("3,,Learner 2,completed_on: 03/11/2026")
        assert fourth.startswith("5,'=1+1,,learner")
        assert sum(each["rows"] for each in printed["reasons"]) == 2
        assert stat.S_IMODE((school.folder / "out.errors.csv").stat().st_mode) == 0o600

    def test_pdfs_and_qr_codes(self, school):
        pdf, qr = school.folder / "pdf", school.folder / "qr"
        roster = school.roster(row(1), row(2))
        _, found = school.issue(roster, "a", "--pdf", pdf, "--qr", qr)
        for each in found:
            code = each["code"]
            for path in (pdf / code[:2] / f"{code}.pdf", qr / code[:2] / f"{code}.png"):
                result = CliRunner().invoke(app, ["inspect", str(path), "--json"])
                assert json.loads(result.stdout)["statement"]["learner"] == {
                    "name": each["learner"]
                }


class TestWithdrawn:
    def test_a_revoked_one_is_not_handed_out_again(self, school):
        _, (found, _) = school.issue(school.roster(row(1), row(2)))
        school.run("revoke", found["code"], "--reason", "a mistake")
        printed, _ = school.issue(school.roster(row(1), row(2)), "b", code=1)
        assert counts(printed) == (2, 0, 1, 0, 1)
        (error,) = school.errors("b")[1:]
        assert f"it was issued as {found['code']}, which was revoked" in error
        assert "(reason: a mistake)" in error

    def test_what_superseded_it_is(self, school):
        _, (found,) = school.issue(school.roster(row(1, key="a")))
        corrected = {
            "learner": {"name": "Learner One"},
            "course": {"title": "Course 1", "institution": "University of Example"},
            "completed_on": "2026-11-02",
        }
        file = school.folder / "corrected.json"
        file.write_text(json.dumps(corrected))
        code, printed, said = school.run("supersede", found["code"], file, "--json")
        assert code == 0, said
        new = json.loads(printed)["code"]
        for lines in (row(1, key="a"), row(1, key="a", learner="Learner One")):
            name = f"out{len(lines)}"
            _, (again,) = school.issue(school.roster(lines), name)
            assert (again["code"], again["outcome"]) == (new, "known")

    def test_a_key_that_was_declared_compromised(self, school):
        _, (found,) = school.issue(school.roster(row(1)))
        (key,) = (each for each in school.owner.document().keys if each.use.name == "STATEMENTS")
        kid = Workspace.open(school.workspace).signer(
            key.use, datetime.now(UTC), never
        ).public_key.kid.hex()  # fmt: skip
        school.run("rotate", "--no-passphrase")
        school.run("compromise", kid)
        printed, _ = school.issue(school.roster(row(1)), "b", code=1)
        assert counts(printed) == (1, 0, 0, 0, 1)
        assert f"signedcert reissue {found['code']} --anew" in school.errors("b")[1]
        school.run("reissue", found["code"], "--anew", "--out", school.folder / "files")
        _, (again,) = school.issue(school.roster(row(1)), "c")
        assert again["code"] == found["code"]
        assert again["token"] != found["token"]

    def test_a_closed_issuer(self, school):
        roster = school.roster(row(1))
        assert school.run("close", "--yes", "--nothing-was-published")[0] == 0
        said = school.refused("bulk", "issue", roster, "--out", school.folder / "out.parquet")
        assert "is closed" in said


class TestRefusals:
    def test_nothing_is_written_over(self, school):
        roster = school.roster(row(1))
        out = school.folder / "out.parquet"
        out.write_bytes(b"mine")
        assert "another file; name another --out" in school.refused(
            "bulk", "issue", roster, "--out", out
        )
        assert out.read_bytes() == b"mine"
        assert "name another --out" in school.refused("bulk", "issue", roster, "--out", roster)
        out.unlink()
        school.issue(roster)
        other = school.roster(row(2), name="other.csv")
        assert "the result of another run" in school.refused("bulk", "issue", other, "--out", out)
        assert "no list of errors" in school.refused(
            "bulk", "issue", other, "--out", school.folder / "b.parquet", "--errors", roster
        )
        assert not (school.folder / "b.parquet").exists()

    def test_a_list_of_errors_of_an_earlier_run_is_replaced_or_removed(self, school):
        bad = school.roster(row(1, learner=""))
        school.issue(bad, code=1)
        (school.folder / "out.parquet").unlink()
        school.issue(school.roster(row(1)))
        assert not (school.folder / "out.errors.csv").exists()

    @pytest.mark.parametrize(
        ("content", "code"),
        [(None, 4), ("", 4), (HEADER, 4), ("learner,colour\nA,red\n", 2)],
    )
    def test_rosters_with_nothing_in_them_and_with_wrong_columns(self, school, content, code):
        roster, out = school.folder / "roster.csv", school.folder / "out.parquet"
        if content is not None:
            roster.write_text(content)
        school.refused("bulk", "issue", roster, "--out", out, code=code)
        assert [path.name for path in school.folder.iterdir() if "out" in path.name] == []

    def test_a_roster_or_an_option_that_was_changed_under_a_run(self, school):
        from signedcert.bulk.run.parts import Parts

        roster = school.roster(row(1))
        out = school.folder / "out.parquet"
        with Parts.open(out, {"the roster or its mapping": "another"}, {}):
            pass
        said = school.refused("bulk", "issue", roster, "--out", out)
        assert "depends on something else: the roster or its mapping, the issuer" in said
        assert "remove the folder" in said

    @pytest.mark.parametrize("content", [b"{", b"[1]", b'{"version": 2}', b"\xff"])
    def test_a_damaged_folder(self, school, content):
        folder = school.folder / "out.parquet.partial"
        folder.mkdir()
        (folder / "run.json").write_bytes(content)
        said = school.refused(
            "bulk", "issue", school.roster(row(1)), "--out", school.folder / "out.parquet"
        )
        assert str(folder) in said
        assert "remove the folder" in said


class TestKeys:
    def test_the_date_stays_that_of_the_beginning_while_the_key_could_sign_then(self, school):
        from signedcert.bulk.run.signing import signing_key

        began, now = datetime(2026, 12, 1, tzinfo=UTC), datetime(2026, 12, 5, tzinfo=UTC)
        assert signing_key(school.owner, began, now, never).issued_at == began
        school.run("rotate", "--no-passphrase", "--now", "2026-12-03T00:00:00Z")
        assert signing_key(school.owner, began, now, never).issued_at == now

    def test_encrypted_keys_reach_the_workers_and_no_file_or_list_of_processes(self, tmp_path):
        workspace, out = tmp_path / "w", tmp_path / "out.parquet"
        secret = "correct horse battery"
        env = os.environ | {"SIGNEDCERT_PASSPHRASE": secret}
        command = [sys.executable, "-m", "signedcert"]
        options = ["--workspace", str(workspace)]
        subprocess.run([*command, "init", "--issuer", "learn.example.edu", *options],
                       env=env, check=True, capture_output=True)  # fmt: skip
        roster = write_roster(tmp_path / "roster.csv", 9000)
        read, write = os.pipe()
        os.write(write, secret.encode() + b"\n")
        os.close(write)
        process = subprocess.Popen(
            [*command, "bulk", "issue", str(roster), "--out", str(out), *options,
             "--passphrase-fd", str(read), "--workers", "2"],
            pass_fds=[read], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        seen = set()
        while process.poll() is None:
            time.sleep(0.02)
            task = Path(f"/proc/{process.pid}/task/{process.pid}/children")
            for pid in [process.pid, *task.read_text().split()] if task.exists() else []:
                for name in ("cmdline", "environ"):
                    try:
                        content = Path(f"/proc/{pid}/{name}").read_bytes()
                    except OSError:
                        continue
                    assert secret.encode() not in content
                    seen.add(pid)
            for path in tmp_path.glob("out.parquet.partial/*"):
                try:
                    assert secret.encode() not in path.read_bytes()
                except FileNotFoundError:
                    continue
        os.close(read)
        printed, said = process.communicate()
        assert process.returncode == 0, said
        assert len(seen) >= 3
        assert secret.encode() not in printed + said
        assert len(certificates(out)) == 9000

    def test_a_wrong_passphrase(self, tmp_path):
        workspace = tmp_path / "w"
        runner = CliRunner()
        init = ["init", "--issuer", "learn.example.edu", "--workspace", str(workspace)]
        assert runner.invoke(app, init, env={"SIGNEDCERT_PASSPHRASE": "right one"}).exit_code == 0
        roster = write_roster(tmp_path / "roster.csv", 3)
        out = tmp_path / "out.parquet"
        command = ["bulk", "issue", str(roster), "--workspace", str(workspace), "--out", str(out)]
        wrong = runner.invoke(app, command, env={"SIGNEDCERT_PASSPHRASE": "wrong one"})
        assert wrong.exit_code == 2
        assert "passphrase" in wrong.stderr
        assert "wrong one" not in wrong.output
        right = runner.invoke(app, command, env={"SIGNEDCERT_PASSPHRASE": "right one"})
        assert right.exit_code == 0

    def test_a_key_in_hardware_signs_in_several_processes(self, tmp_path):
        from uuid import uuid4

        uri = f"pkcs11:token=issuer;object=key-{uuid4()}?module-path={softhsm.module()}"
        env = os.environ | {"SIGNEDCERT_PIN": softhsm.PIN}
        command = [sys.executable, "-m", "signedcert"]
        options = ["--workspace", str(tmp_path / "w")]
        subprocess.run(
            [*command, "init", "--issuer", "learn.example.edu", "--no-passphrase", "--pkcs11",
             uri, "--pkcs11-new", *options], env=env, check=True, capture_output=True,
        )  # fmt: skip
        roster = write_roster(tmp_path / "roster.csv", 9000)
        # Two chunks, so that processes are started; of these rows all but a few are refused.
        lines = roster.read_text().splitlines()
        for number in range(1, 9001):
            if number % 300:
                lines[number] = lines[number].replace("2026-11", "2026-13")
        roster.write_text("\n".join(lines) + "\n")
        out = tmp_path / "out.parquet"
        done = subprocess.run(
            [*command, "bulk", "issue", str(roster), "--out", str(out), *options, "--json"],
            env=env, capture_output=True, check=False,
        )  # fmt: skip
        assert done.returncode == 1, done.stderr
        assert json.loads(done.stdout)["issued"] == 30
        assert softhsm.PIN.encode() not in done.stdout + done.stderr

    def test_secrets_show_in_no_repr(self, school):
        from signedcert.bulk.run.chunks import KeyPlace, Setup
        from signedcert.crypto.keys import PublicKey

        place = KeyPlace(Path("k.pem"), PublicKey(bytes(32)), b"the secret")
        assert "the secret" not in f"{place!r} {place}"
        with school.owner.open_ledger(datetime.now(UTC)) as ledger:
            key = ledger.id_key()
        plan = bulk.IssuePlan("learn.example.edu", datetime.now(UTC), key)
        setup = Setup(plan, Path("ledger"), 0, {})
        assert repr(key)[2:-1] not in repr(setup)
        assert key.hex() not in repr(setup)


class TestRecording:
    def issued(self, school, rows=6):
        """What a cluster made, with a plan of the school's."""
        from signedcert.bulk.run.planning import plan_for
        from signedcert.model.issuer_document import KeyUse

        now = datetime.now(UTC).replace(microsecond=0)
        with school.owner.open_ledger(now) as ledger:
            plan = plan_for(school.owner, ledger, rows, now)
        signer = school.owner.signer(KeyUse.STATEMENTS, now, never)
        batch = pa.record_batch({
            "position": pa.array(range(rows)),
            "learner": pa.array([{"name": f"Learner {n}"} for n in range(rows)]),
            "course": pa.array([{"title": "T", "institution": "I"}] * rows),
            "completed_on": pa.array(["2026-11-02"] * (rows - 1) + ["no day"]),
        })  # fmt: skip
        return bulk.issue_batch(batch, plan, signer), plan

    def test_what_a_cluster_issued_is_recorded_once(self, school):
        issued, _ = self.issued(school)
        folder = school.folder / "issued"
        folder.mkdir()
        parquet.write_table(pa.table(issued.slice(0, 4)), folder / "part-1.parquet")
        parquet.write_table(pa.table(issued.slice(4)), folder / "part-2.parquet")
        for recorded, known in ((5, 0), (0, 5)):
            code, printed, said = school.run("bulk", "record", folder, "--json", "--workers", 1)
            assert code == 0, said
            found = json.loads(printed)
            assert (found["recorded"], found["known"], found["without"]) == (recorded, known, 1)
        with school.owner.open_ledger(datetime.now(UTC)) as ledger:
            each = ledger.find(id_from_code(issued.column("code")[2].as_py()))
            assert each.token == issued.column("token")[2].as_py()
            assert ledger.counts().issued == 5
        code = issued.column("code")[2].as_py()
        assert school.run("revoke", code, "--reason", "why not")[0] == 0

    def test_what_the_ledger_must_not_take(self, school, tmp_path):
        from signedcert.bulk.run.planning import plan_for
        from signedcert.bulk.run.recording import record_issued
        from signedcert.signers.software import SoftwareSigner

        issued, plan = self.issued(school)
        # Another plan hands the same places out again, and makes places up.
        other = bulk.IssuePlan(plan.issuer, plan.issued_at, bytes(32), plan.blocks)
        learners = pa.array([{"name": "Other"}])
        course = pa.array([{"title": "T", "institution": "I"}])
        one = {"learner": learners, "course": course, "completed_on": ["2026-11-02"]}
        from signedcert.model.issuer_document import KeyUse

        signer = school.owner.signer(KeyUse.STATEMENTS, datetime.now(UTC), never)
        again = bulk.issue_batch(pa.record_batch(one | {"position": [0]}), other, signer)
        forged = bulk.issue_batch(
            pa.record_batch(one | {"position": [1]}), plan, SoftwareSigner.generate()
        )
        elsewhere = School(tmp_path / "elsewhere")
        with elsewhere.owner.open_ledger(datetime.now(UTC)) as ledger:
            far = plan_for(elsewhere.owner, ledger, 60, datetime.now(UTC))
        never_out = bulk.issue_batch(pa.record_batch(one | {"position": [50]}), far, signer)
        changed = issued.set_column(
            issued.schema.get_field_index("digest"), "digest",
            pa.array([bytes(16)] * 6, pa.binary(16)),
        )  # fmt: skip
        with school.owner.open_ledger(datetime.now(UTC)) as ledger:
            assert record_issued(ledger, [issued]).recorded == 5
            for batch, reason in (
                (again, "another certificate's"), (never_out, "never handed it out"),
                (changed, "the column digest is not what was signed"),
            ):  # fmt: skip
                found = record_issued(ledger, [batch])
                assert (found.recorded, found.refused) == (0, batch.num_rows - found.without)
                assert reason in found.reasons[0].reason
            assert ledger.counts().issued == 5
        path = school.folder / "forged.parquet"
        parquet.write_table(pa.table(forged), path)
        code, printed, _ = school.run("bulk", "record", path, "--json", "--workers", 1)
        assert code == 1
        assert json.loads(printed)["reasons"][0]["reason"].startswith("it is not a certificate of")

    @pytest.mark.parametrize(("content", "code"), [(None, 4), (b"no parquet", 2)])
    def test_files_that_are_none(self, school, content, code):
        path = school.folder / "issued.parquet"
        if content:
            path.write_bytes(content)
        school.refused("bulk", "record", path, code=code)


def test_a_stopped_run_says_how_it_goes_on(tmp_path):
    import signal

    workspace = tmp_path / "w"
    make_school(workspace)
    roster = write_roster(tmp_path / "roster.csv", 26_000)
    out = tmp_path / "out.parquet"
    command = [sys.executable, "-m", "signedcert", "bulk", "issue", str(roster), "--workspace",
               str(workspace), "--out", str(out), "--json"]  # fmt: skip
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True, text=True
    )
    deadline = time.monotonic() + 60
    while not (tmp_path / "out.parquet.partial" / "part-000000.arrow").exists():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to all of them
    printed, said = process.communicate(timeout=60)
    assert (process.returncode, printed) == (130, "")
    assert len(said.splitlines()) == 1, said
    assert "run the same command again: it goes on at row" in said
    done = subprocess.run(command, capture_output=True, check=True)
    summary = json.loads(done.stdout)
    assert (summary["rows"], summary["issued"]) == (26_000, 26_000)
    assert summary["resumed_rows"] >= 4096
    assert len({each["code"] for each in certificates(out)}) == 26_000
