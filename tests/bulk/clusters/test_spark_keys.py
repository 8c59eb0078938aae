from pathlib import Path

import pyarrow as pa
import pytest
from cluster_school import School, rows
from losing_signers import LosingWorkers, markers
from pyspark import cloudpickle
from pyspark.errors import PythonException
from spark_cluster import Cluster

from signedcert.bulk import IssuePlan, spark
from signedcert.bulk.signers import KeyFile, PassphraseFile, PassphraseVariable
from signedcert.bulk.spark import _Issuing

pytestmark = [
    pytest.mark.xdist_group("spark"),
    # It says so of every pandas that is newer than itself.
    pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning"),
]
COUNT = 12


def withdrawable_by_nobody(school: School) -> IssuePlan:
    plan = school.plan(1)
    return IssuePlan(plan.issuer, plan.issued_at, plan.id_key, page=plan.page)


def assert_in_none_of(secrets: dict[str, bytes], where: dict[str, bytes]) -> None:
    for place, content in where.items():
        for name, secret in secrets.items():
            assert secret not in content, f"{name} is in {place}"


def files_below(folder: Path) -> dict[str, bytes]:
    return {str(each): each.read_bytes() for each in folder.rglob("*") if each.is_file()}


def test_the_secrets_of_a_school_are_what_the_search_would_find(school: School) -> None:
    secrets = school.secrets()
    clear = school.signer.to_pem(None) + school.signer.to_jwk()
    assert secrets["the key in PKCS#8"] in clear
    assert secrets["the key in base64url"] in clear
    assert secrets["the encrypted file"] in school.key.path.read_bytes()
    assert isinstance(school.key.passphrase, PassphraseFile)
    assert secrets["the passphrase"] in school.key.passphrase.path.read_bytes()
    assert all(len(secret) > 15 for secret in secrets.values())


def test_no_key_is_in_what_travels_nor_in_what_spark_writes_down(
    cluster: Cluster, school: School, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = withdrawable_by_nobody(school)
    signer = LosingWorkers(school.key, tmp_path, 3)
    roster = cluster.session.createDataFrame(pa.Table.from_pylist(rows(COUNT)))
    issued = spark.issue(roster, plan, signer)
    issued.explain(mode="extended")
    explained = capsys.readouterr().out
    assert issued.where("error is null").count() == COUNT - 1
    # A worker was lost, which Spark writes more of.
    assert markers(tmp_path) == 1
    secrets = school.secrets()
    written = files_below(cluster.events) | files_below(cluster.logs)
    assert any(b"_Issuing" in each for each in written.values())
    assert any(b"crashed" in each for each in written.values())
    assert_in_none_of(secrets, written | {"explain": explained.encode()})
    travels = cloudpickle.dumps(_Issuing(plan, signer))
    assert school.key.path.name.encode() in travels
    del secrets["the key of ids"]  # it makes ids where the rows are
    assert_in_none_of(secrets, {"what travels": travels})


def test_a_worker_that_cannot_open_the_key_says_where_and_nothing_more(
    cluster: Cluster, school: School, tmp_path: Path
) -> None:
    secret = tmp_path / "passphrase"
    secret.touch(mode=0o600)
    secret.write_text("tell nobody of this passphrase")
    wrong = KeyFile(school.key.path, school.key.public_key, PassphraseFile(secret))
    unset = KeyFile(school.key.path, school.key.public_key, PassphraseVariable("NOT_SET_HERE"))
    plan = withdrawable_by_nobody(school)
    roster = cluster.session.createDataFrame(pa.Table.from_pylist(rows(1)))
    for signer, words in ((wrong, "wrong passphrase"), (unset, "NOT_SET_HERE is not set")):
        with pytest.raises(PythonException, match=words) as caught:
            spark.issue(roster, plan, signer).collect()
        assert "tell nobody" not in str(caught.value)
        if signer is wrong:
            assert str(school.key.path) in str(caught.value)
    told = b"tell nobody of this passphrase"
    written = files_below(cluster.events) | files_below(cluster.logs)
    assert_in_none_of({"the wrong passphrase": told, **school.secrets()}, written)
