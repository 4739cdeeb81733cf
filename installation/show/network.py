"""The words people write for places on a network: who may send, and where values go.

All are numbers, never names: a name would be looked up, and a name server that does not answer must
not hold anything up."""

import ipaddress
import re
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

_ENDPOINT = re.compile(r"(?:\[([^\[\]]+)\]|([^\[\]:]+)):([0-9]{1,5})")
MOST = 8  # places to tell: each costs some 30 datagrams ten times a second


def network(text: str) -> str:
    """'192.168.1.0/24', or one address, in its usual form. Raises ValueError."""
    try:
        return str(ipaddress.ip_network(text.strip(), strict=False))
    except ValueError:
        raise ValueError(f"{text!r} is no network; write 192.168.1.0/24 or 192.168.1.20") from None


def source(text: str) -> str:
    """'192.168.1.20' in its usual form. Raises ValueError."""
    try:
        return str(ipaddress.ip_address(text.strip()))
    except ValueError:
        raise ValueError(f"{text!r} is no address; write numbers, as 192.168.1.20") from None


def endpoint(text: str) -> tuple[str, int]:
    """'192.168.1.20:7000', 'localhost:7000' or '[::1]:7000' as (host, port). Raises ValueError."""
    parts = _ENDPOINT.fullmatch(text.strip())
    try:
        host, port = (parts[1] or parts[2], int(parts[3])) if parts else ("", 0)
        if 0 < port < 65536:
            return source("127.0.0.1" if host == "localhost" else host), port
    except ValueError:
        pass
    raise ValueError(
        f"{text!r} is no place to send to; write an address and a port, as 192.168.1.20:7000"
    )


def _checked(text: str) -> str:
    endpoint(text)
    return text.strip()


def listed(value: object) -> object:
    """One word as a list of it; anything else as it is."""
    return [value] if isinstance(value, str) else value


Port = Annotated[int, Field(ge=1, le=65535)]
Network = Annotated[str, AfterValidator(network)]
Source = Annotated[str, AfterValidator(source)]
Endpoint = Annotated[str, AfterValidator(_checked)]
Networks = Annotated[
    list[Network],
    BeforeValidator(listed, json_schema_input_type=str | list[str]),
    Field(max_length=64),
]
Endpoints = Annotated[
    list[Endpoint],
    BeforeValidator(listed, json_schema_input_type=str | list[str]),
    Field(max_length=MOST),
]
