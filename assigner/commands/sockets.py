"""Where a service listens: taken before anything else is begun, so that a port in use is told in a sentence."""

import os
import socket


class CannotListen(Exception):
    """An address at which nobody can listen now."""


def listening_at(host: str, port: int) -> list[socket.socket]:
    """Listen at every address of a host; port 0 is any that is free. Raises CannotListen."""
    found: list[socket.socket] = []
    try:
        known = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        for family, address in dict.fromkeys((family, address) for family, _, _, _, address in known):
            chosen = found[0].getsockname()[1] if found else port
            found.append(socket.create_server((address[0], chosen), family=family))
    except OSError as error:
        for each in found:
            each.close()
        reason = error.strerror if isinstance(error, socket.gaierror) else os.strerror(error.errno or 0)
        message = f"nothing can listen at {host}:{port} ({reason}); end what listens there, or choose another --port"
        raise CannotListen(message) from error
    return found
