"""The kernel's Arrow types as Spark has them."""

import pyarrow as pa
from pyarrow import types
from pyspark.sql.types import (
    ArrayType,
    BinaryType,
    BooleanType,
    DataType,
    DateType,
    LongType,
    StringType,
    StructField,
    StructType,
    TimestampType,
)

_LEAVES = (
    (types.is_string, StringType()),
    (types.is_int64, LongType()),
    (types.is_binary, BinaryType()),
    (types.is_date32, DateType()),
    # An instant: whatever the session's time zone is, it is the same one.
    (types.is_timestamp, TimestampType()),
    (types.is_boolean, BooleanType()),
)


def to_spark(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The batch in the types that Spark takes back from a worker."""
    wanted = pa.schema([pa.field(each.name, _arrow_type(each.type)) for each in batch.schema])
    return batch.cast(wanted)


def spark_schema(schema: pa.Schema) -> StructType:
    """The columns of such a batch, for Spark."""
    return StructType([StructField(each.name, _spark_type(each.type)) for each in schema])


def _arrow_type(given: pa.DataType) -> pa.DataType:
    """Binary of any length, and moments in microseconds: Spark has no others."""
    if types.is_fixed_size_binary(given):
        return pa.binary()
    if types.is_timestamp(given):
        return pa.timestamp("us", "UTC")
    if types.is_list(given):
        return pa.list_(_arrow_type(given.value_type))
    if types.is_struct(given):
        return pa.struct([pa.field(each.name, _arrow_type(each.type)) for each in given])
    return given


def _spark_type(given: pa.DataType) -> DataType:
    given = _arrow_type(given)
    if types.is_list(given):
        return ArrayType(_spark_type(given.value_type))
    if types.is_struct(given):
        return StructType([StructField(each.name, _spark_type(each.type)) for each in given])
    return next(of_spark for is_one, of_spark in _LEAVES if is_one(given))
