"""The one message of Prometheus' remote write 1.0, described to protobuf by its fields.

As in https://github.com/prometheus/prometheus/blob/main/prompb/remote.proto, of which only this much is sent:

    message Label        { string name = 1; string value = 2; }
    message Sample       { double value = 1; int64 timestamp = 2; }       // milliseconds
    message TimeSeries   { repeated Label labels = 1; repeated Sample samples = 2; }
    message WriteRequest { repeated TimeSeries timeseries = 1; }
"""

from __future__ import annotations

from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory  # type: ignore[import-untyped]

_Field = descriptor_pb2.FieldDescriptorProto
_PACKAGE = "portico.prometheus"

_FIELDS = {
    "Label": (("name", _Field.TYPE_STRING), ("value", _Field.TYPE_STRING)),
    "Sample": (("value", _Field.TYPE_DOUBLE), ("timestamp", _Field.TYPE_INT64)),
    "TimeSeries": (("labels", "Label"), ("samples", "Sample")),
    "WriteRequest": (("timeseries", "TimeSeries"),),
}


def _described() -> Any:
    """The class of the outermost message."""
    file = descriptor_pb2.FileDescriptorProto(
        name="portico/prometheus.proto", package=_PACKAGE, syntax="proto3"
    )
    for name, fields in _FIELDS.items():
        message = file.message_type.add(name=name)
        for number, (field, kind) in enumerate(fields, 1):
            if isinstance(kind, str):
                message.field.add(
                    name=field,
                    number=number,
                    label=_Field.LABEL_REPEATED,
                    type=_Field.TYPE_MESSAGE,
                    type_name=f".{_PACKAGE}.{kind}",
                )
            else:
                message.field.add(name=field, number=number, label=_Field.LABEL_OPTIONAL, type=kind)
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName(f"{_PACKAGE}.WriteRequest"))


WriteRequest: Any = _described()
