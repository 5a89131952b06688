"""`assigner serve`: the product on one database, for programs and people who speak HTTP."""

from typing import Annotated

import typer


def serve(
    database: Annotated[
        str | None, typer.Option(help="A file, or postgresql://USER@HOST/NAME.  [environment: ASSIGNER_DATABASE]")
    ] = None,
    host: Annotated[str | None, typer.Option(help="Where to listen.  [environment: ASSIGNER_HOST]")] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="0: any that is free.  [environment: ASSIGNER_PORT]")
    ] = None,
    public_url: Annotated[
        str | None, typer.Option(help="How others reach it, behind a proxy.  [environment: ASSIGNER_PUBLIC_URL]")
    ] = None,
) -> None:
    """Serve the HTTP interface, and assign contacts as they come.

    Makes the database where there is none, and brings an older one up to date. By default it is assigner.db in this
    folder, at http://127.0.0.1:8080. Ctrl-C or SIGTERM ends it: what was asked is answered first.

    \b
    Examples:
      assigner serve
      assigner serve --database /var/lib/assigner/assigner.db --host 0.0.0.0 --port 80
    """
    from assigner.commands.serve_run import run
    from assigner.commands.stopping import exits_with_a_sentence
    from assigner.settings import settings_from

    with exits_with_a_sentence():
        run(settings_from(database=database, host=host, port=port, public_url=public_url))
