"""`installation schema`: what show.yaml may say, for editors."""

import json
from argparse import Namespace

from installation.show.schema import Show

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def text() -> str:
    """The JSON Schema of show.yaml."""
    return json.dumps({"$schema": DIALECT, **Show.model_json_schema(by_alias=True)}, indent=2)


def run(options: Namespace, begun: float) -> int:
    """Print it."""
    print(text())
    return 0
