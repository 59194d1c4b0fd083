from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from lazygui.numerics.csv_table import MAX_BYTES, read_table
from lazygui.numerics.datasets import DataError, csv

Writer = Callable[[str | bytes], Path]
SMALL = "age,size,price\n1,10,5\n2,30,9\n4,20,1\n7,60,3\n"


@pytest.fixture
def written(tmp_path: Path) -> Writer:
    def write(content: str | bytes) -> Path:
        path = tmp_path / "data.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


def test_features_and_target_are_normalized_by_the_training_rows(written: Writer) -> None:
    path = written(SMALL)
    data = csv(path, n=3, n_test=1, seed=2)
    assert data.feature_names == ("age", "size")
    assert np.mean(np.sum(data.inputs**2, axis=1)) == pytest.approx(1)
    np.testing.assert_allclose(data.inputs.mean(axis=0), 0, atol=1e-15)
    np.testing.assert_allclose(data.inputs.var(axis=0), 0.5, rtol=1e-12)
    assert data.targets.mean() == pytest.approx(0, abs=1e-15)
    assert np.mean(data.targets**2) == pytest.approx(1)
    assert data.grid is None
    assert "'price' is centred and divided by" in data.description


def test_every_row_is_used_once_and_one_affine_map_gives_the_inputs(written: Writer) -> None:
    rng = np.random.default_rng(0)
    numbers = rng.normal(5, 3, (30, 3))
    path = written("a,y,b\n" + "\n".join(",".join(map(repr, map(float, r))) for r in numbers))
    data = csv(path, target="y", n=20, n_test=100, seed=7)
    assert (len(data.targets), len(data.test_targets)) == (20, 10)
    targets = np.concatenate((data.targets, data.test_targets))
    order = np.argsort(numbers[:, 1])[np.argsort(np.argsort(targets))]
    inputs = np.vstack((data.inputs, data.test_inputs))
    for column, feature in enumerate((0, 2)):
        fit = np.polyfit(numbers[order, feature], inputs[:, column], 1)
        np.testing.assert_allclose(
            np.polyval(fit, numbers[order, feature]), inputs[:, column], atol=1e-12
        )


def test_one_feature_gets_a_constant_and_a_grid(written: Writer) -> None:
    data = csv(written("hour,load\n0,1\n8,5\n16,4\n24,0\n"), n=4)
    assert data.feature_names == ("hour", "1")
    np.testing.assert_allclose(data.inputs[:, 1], np.sqrt(0.5), rtol=1e-15)
    assert np.mean(np.sum(data.inputs**2, axis=1)) == pytest.approx(1)
    assert data.grid is not None
    assert data.coordinates is not None
    assert data.grid.label == "hour"
    assert (data.grid.coordinates[0], data.grid.coordinates[-1]) == (-3.0, 27.0)
    drawn = np.interp(data.coordinates, data.grid.coordinates, data.grid.inputs[:, 0])
    np.testing.assert_allclose(drawn, data.inputs[:, 0], atol=1e-12)


def test_a_constant_feature_is_zero_everywhere(written: Writer) -> None:
    data = csv(written("a,b,y\n1,0.1,2\n2,0.1,3\n4,0.1,9\n"), n=3)
    assert np.all(data.inputs[:, 1] == 0)
    assert np.mean(data.inputs[:, 0] ** 2) == pytest.approx(1)


def test_the_same_seed_gives_the_same_bytes(written: Writer) -> None:
    path = written(SMALL)
    orders = [csv(path, n=3, seed=seed).targets.tobytes() for seed in (1, 1, 2, 3, 4)]
    assert orders[0] == orders[1]
    assert len(set(orders)) > 1


@pytest.mark.parametrize(
    "content",
    [
        "a,b\n1.5,2\n-3e2,4\n",
        "a;b\n1,5;2\n-300;4\n",
        "a;b\n1.5;2\n-300.0;4\n",
        "a\tb\n1,5\t2\n-3e2\t4\n",
        "\ufeffa,b\r\n 1.5 , 2\r\n\r\n-300,4\r\n\r\n",
        '"a";"b"\n"1,5";"2"\n"-300";"4"',
        "\n\na,b\n1.5,2\n-300,4\n",
    ],
)
def test_dialects(written: Writer, content: str) -> None:
    table = read_table(written(content))
    assert table.names == ("a", "b")
    assert np.array_equal(table.numbers, [[1.5, 2.0], [-300.0, 4.0]])


def test_a_quoted_name_may_hold_a_comma(written: Writer) -> None:
    table = read_table(written('"price, net";"a, b, c"\n1;2\n3;4\n'))
    assert table.names == ("price, net", "a, b, c")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "is empty"),
        ("\n\n", "is empty"),
        ("1,2\n3,4\n", "no header"),
        ("a,b\n1,2\n", "has 1 row.* of data"),
        ("a\n1\n2\n", "one column, 'a'"),
        ("a,,y\n1,2,3\n4,5,6\n", "column 2 has no name"),
        ("a,a,y\n1,2,3\n4,5,6\n", "two columns named 'a'"),
        ("a,b\n1,2\n3\n", "row 3 has 1 cell.* the header 2"),
        ("a,b\n1,2,3\n3\n", "row 2 has 3 cell.* 2 rows have this fault"),
        ("age,y\n1,2\n\nabc,3\n", "column 'age', row 4: 'abc' is not a number"),
        ("a,y\n1,2\n,3\n", "column 'a', row 3: the cell is empty"),
        ("a,y\n1,nan\n2,3\n", "column 'y', row 2: 'nan' is not a finite number"),
        ("a,y\n1,-inf\n2,1e999\n", "'-inf' is not a finite .* row 3: '1e999' is not a finite"),
        ("a,y\n1_000,1\n2,3\n", "'1_000' is not a number"),
        ('a,y\n"1,5",1\n2,3\n', "'1,5' is not a number"),
        ("a;y\n1,2,3;1\n2;3\n", "'1,2,3' is not a number"),
        ("a;y\n1.000,5;1\n2;3\n", "'1.000,5' is not a number"),
        ("a,y\nu,v\nw,1\nx,1\n", "'u'.*'v'.*'w' is not a number; 4 such cells in all"),
        (b"a,y\n1,\xff\n2,3\n", "not UTF-8"),
        ("a,y\n1,5\n2,5\n", "'y' is constant; choose another"),
        ("a,y\n7,1\n7,2\n", "Every feature is constant"),
    ],
)
def test_faults_name_the_place_and_the_remedy(
    written: Writer, content: str | bytes, message: str
) -> None:
    with pytest.raises(DataError, match=message):
        csv(written(content), n=2)


def test_a_long_cell_is_shortened_in_the_message(written: Writer) -> None:
    with pytest.raises(DataError) as caught:
        read_table(written("a,y\n" + "x" * 5000 + ",1\n2,3\n"))
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"target": "prize"}, "no column 'prize'. Did you mean 'price'.*age, size, price"),
        ({"target": "zzz"}, "no column 'zzz'. Columns: age, size, price"),
        ({"n": 5}, "n is 5, but the file has 4 rows"),
        ({"n": 1}, "n is 1"),
        ({"n": 3, "n_test": -1}, "n_test -1"),
    ],
)
def test_requests_that_do_not_fit_the_file(written: Writer, arguments: dict, message: str) -> None:
    with pytest.raises(DataError, match=message):
        csv(written(SMALL), **arguments)


def test_a_target_constant_in_the_training_rows(written: Writer) -> None:
    path = written("a,y\n" + "\n".join(f"{i},{int(i == 0)}" for i in range(50)))
    with pytest.raises(DataError, match="constant in the training rows chosen"):
        csv(path, n=2, seed=0)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="There is no file"):
        csv(tmp_path / "none.csv")
    with pytest.raises(DataError, match="cannot be read"):
        csv(tmp_path)
    with (tmp_path / "large.csv").open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(DataError, match="the limit is 50 MB"):
        csv(tmp_path / "large.csv")
