# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Run in the environment of requirements.txt: reads a document and [[pointer, instance], …] from standard input, and prints what does
not fit. A pointer names a schema in the document, as `/components/messages/welcome/payload`."""

import json
import sys

from jsonschema import Draft202012Validator

given = json.load(sys.stdin)
document, pairs = given["document"], given["pairs"]
for pointer, instance in pairs:
    schema = {**document, "$ref": "#" + pointer}
    for error in Draft202012Validator(schema).iter_errors(instance):
        print(f"{pointer}: {error.message} at {list(error.absolute_path)} of {json.dumps(instance)[:200]}")
for name, message in document.get("components", {}).get("messages", {}).items():
    Draft202012Validator.check_schema({**message["payload"], "components": document["components"]})
