"""Where clients of PostgreSQL come in: a socket in a folder, or a port; each is served by a thread of its own."""

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

CLIENTS_AT_ONCE = 64


def in_folder(folder: Path) -> socket.socket:
    """A socket in a folder, which listens as a server would."""
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(str(folder / ".s.PGSQL.5432"))
    listening.listen(CLIENTS_AT_ONCE)
    return listening


class Entrance:
    """Lets in who comes to a socket that listens, from now until it is closed."""

    def __init__(self, listening: socket.socket, serve: Callable[[socket.socket], None]) -> None:
        self._serve = serve
        self._listening = listening
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Let nobody in any more."""
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()
