"""Tables as Parquet, where pyarrow is installed."""

from __future__ import annotations

import io

from lazygui.export.atomic import ExportError
from lazygui.export.provenance import Provenance
from lazygui.export.table import Columns


def rows_parquet(columns: Columns, provenance: Provenance) -> bytes:
    """A table as Parquet with its record in the metadata of the schema, under LazyGUI.

    Raises ExportError without pyarrow.
    """
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise ExportError(
            "Parquet needs pyarrow: install it with 'pip install lazygui[parquet]', or choose "
            "CSV or NPZ."
        ) from None
    table = pyarrow.table(dict(columns))
    table = table.replace_schema_metadata({"LazyGUI": provenance.to_json()})
    buffer = io.BytesIO()
    pyarrow.parquet.write_table(table, buffer)
    return buffer.getvalue()
