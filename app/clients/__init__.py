"""Use case: clients and their keys: halls, publishers and other software that may do what not everybody may."""

from typing import TYPE_CHECKING

from app.clients.gate import Gate
from app.clients.keys import KEY_PATTERN, KeyId
from app.clients.records import Caller, Client, ClientCode, ClientState, Issued, KeyInfo, KeyState, NewClient
from app.clients.scopes import Scope, read_scopes
from app.late import late_names

if TYPE_CHECKING:
    from app.clients.service import (
        ClientConflict,
        create_client,
        find_client,
        list_clients,
        read_client_code,
        read_client_end,
        read_client_name,
        revoke_client,
        revoke_key,
        rotate_key,
    )
else:
    # What makes clients and keys: loaded when first asked for, which a server seldom does.
    __getattr__ = late_names(
        __name__,
        {
            "service": (
                "ClientConflict",
                "create_client",
                "find_client",
                "list_clients",
                "read_client_code",
                "read_client_end",
                "read_client_name",
                "revoke_client",
                "revoke_key",
                "rotate_key",
            )
        },
    )

__all__ = [
    "KEY_PATTERN",
    "Caller",
    "Client",
    "ClientCode",
    "ClientConflict",
    "ClientState",
    "Gate",
    "Issued",
    "KeyId",
    "KeyInfo",
    "KeyState",
    "NewClient",
    "Scope",
    "create_client",
    "find_client",
    "list_clients",
    "read_client_code",
    "read_client_end",
    "read_client_name",
    "read_scopes",
    "revoke_client",
    "revoke_key",
    "rotate_key",
]
