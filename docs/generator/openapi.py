"""The OpenAPI description of calls by HTTP: what the contract says, in the words of that form."""

import json
from typing import Any, Final

from google.protobuf.descriptor_pb2 import DescriptorProto, FieldDescriptorProto, MethodDescriptorProto, MethodOptions

from generator import protos
from generator.markdown import first_sentence
from onduty_client.version import __version__

_Field = FieldDescriptorProto
_SCALARS: Final[dict[int, dict[str, Any]]] = {
    _Field.TYPE_STRING: {"type": "string"},
    _Field.TYPE_BOOL: {"type": "boolean"},
    _Field.TYPE_BYTES: {"type": "string", "contentEncoding": "base64"},
    _Field.TYPE_INT32: {"type": "integer", "format": "int32"},
    _Field.TYPE_UINT32: {"type": "integer", "format": "int64", "minimum": 0},
    _Field.TYPE_INT64: {"type": "string", "format": "int64"},
    _Field.TYPE_UINT64: {"type": "string", "format": "uint64"},
    _Field.TYPE_DOUBLE: {"type": "number"},
    _Field.TYPE_FLOAT: {"type": "number"},
}
_KNOWN: Final[dict[str, dict[str, Any]]] = {
    ".google.protobuf.Timestamp": {"type": "string", "format": "date-time"},
    ".google.protobuf.Duration": {"type": "string", "examples": ["1.5s"]},
    ".google.protobuf.FieldMask": {"type": "string", "examples": ["displayName,skillGroups"]},
    ".google.protobuf.Any": {"type": "object", "properties": {"@type": {"type": "string"}}, "additionalProperties": True},
    ".google.rpc.Status": {"type": "object", "properties": {"code": {"type": "integer"}, "message": {"type": "string"}}},
}
_ERROR: Final[dict[str, Any]] = {
    "type": "object",
    "description": "A call that failed. The details are typed; `debug` has them as JSON.",
    "properties": {
        "code": {"type": "string", "examples": ["failed_precondition"]},
        "message": {"type": "string"},
        "details": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"type": {"type": "string"}, "value": {"type": "string"}, "debug": {"type": "object"}},
            },
        },
    },
}


def page() -> str:
    """The description, as JSON."""
    description = {
        "openapi": "3.1.0",
        "info": {
            "title": "Onduty",
            "version": __version__,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
            "description": "Calls by HTTP and JSON, as `onduty web` serves them. Generated from the contract.",
        },
        "security": [{}, {"bearer": []}],
        "tags": [{"name": service.name, "description": service.comment} for service in protos.services()],
        "paths": _paths(),
        "components": {
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
            "schemas": {**_schemas(), "Error": _ERROR},
        },
    }
    return json.dumps(description, indent=1, ensure_ascii=False) + "\n"


def _paths() -> dict[str, Any]:
    comments = {(rpc.service, rpc.name): rpc.comment for rpc in protos.rpcs()}
    return {
        f"/{protos.PACKAGE}.{service.name}/{method.name}": {
            verb: _operation(service.name, method, comments[service.name, method.name], verb) for verb in _verbs(method)
        }
        for file in protos.contract()
        for service in file.service
        for method in service.method
    }


def _verbs(method: MethodDescriptorProto) -> list[str]:
    is_read = method.options.idempotency_level == MethodOptions.NO_SIDE_EFFECTS and not method.server_streaming
    return ["get", "post"] if is_read else ["post"]


def _operation(service: str, method: MethodDescriptorProto, comment: str, verb: str) -> dict[str, Any]:
    form = "application/connect+json" if method.server_streaming else "application/json"
    streams = " Each message of the stream is enveloped, as Connect has it." if method.server_streaming else ""
    operation: dict[str, Any] = {
        "operationId": f"{service}.{method.name}" + (".get" if verb == "get" else ""),
        "tags": [service],
        "summary": first_sentence(comment),
        "description": comment + streams,
        "responses": {
            "200": {"description": "The answer.", "content": {form: {"schema": _reference(method.output_type)}}},
            "default": {
                "description": "The call failed.",
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
            },
        },
    }
    if verb == "get":
        operation["parameters"] = [
            {"name": "encoding", "in": "query", "required": True, "schema": {"const": "json"}},
            {
                "name": "message",
                "in": "query",
                "required": True,
                "content": {"application/json": {"schema": _reference(method.input_type)}},
            },
        ]
    else:
        operation["requestBody"] = {"required": True, "content": {form: {"schema": _reference(method.input_type)}}}
    return operation


def _schemas() -> dict[str, Any]:
    schemas: dict[str, Any] = {}
    for file in protos.contract():
        for message in file.message_type:
            schemas[message.name] = _message(message)
        for enum in file.enum_type:
            schemas[enum.name] = {"type": "string", "enum": [value.name for value in enum.value]}
    return dict(sorted(schemas.items()))


def _message(message: DescriptorProto) -> dict[str, Any]:
    comments = protos.own_field_comments(message.name)
    maps = {f".{protos.PACKAGE}.{message.name}.{nested.name}": nested for nested in message.nested_type}
    properties = {
        field.json_name: {**_field(field, maps), "description": comments[field.name]}
        for field in message.field
    }  # fmt: skip
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _field(field: FieldDescriptorProto, maps: dict[str, DescriptorProto]) -> dict[str, Any]:
    if field.type_name in maps:
        return {"type": "object", "additionalProperties": _type(maps[field.type_name].field[1])}
    if field.label == _Field.LABEL_REPEATED:
        return {"type": "array", "items": _type(field)}
    return _type(field)


def _type(field: FieldDescriptorProto) -> dict[str, Any]:
    return _reference(field.type_name) if field.type_name else _SCALARS[field.type]


def _reference(type_name: str) -> dict[str, Any]:
    if type_name.startswith(".google.rpc."):
        return _KNOWN.get(type_name, {"type": "object", "title": type_name.removeprefix(".")})
    return _KNOWN.get(type_name) or {"$ref": f"#/components/schemas/{type_name.rpartition('.')[2]}"}
