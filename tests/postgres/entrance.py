"""Where clients of PostgreSQL come in: a socket in a folder, each client served by a thread of its own."""

import socket
import threading
from collections.abc import Callable
from pathlib import Path

CLIENTS_AT_ONCE = 64


class Entrance:
    """Listens in a folder as a server would, from now until it is closed."""

    def __init__(self, folder: Path, serve: Callable[[socket.socket], None]) -> None:
        self._serve = serve
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(str(folder / ".s.PGSQL.5432"))
        self._listening.listen(CLIENTS_AT_ONCE)
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Let nobody in any more."""
        self._listening.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()
