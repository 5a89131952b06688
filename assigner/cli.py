"""The command `assigner`: every command is a function in `assigner/commands/`, listed here.

Nothing heavy is imported before a command runs, so that `assigner --help` answers at once."""

import typer

from assigner.commands.admin import admin
from assigner.commands.bench import bench
from assigner.commands.demo import demo
from assigner.commands.doctor import doctor
from assigner.commands.erase import erase
from assigner.commands.explain import explain
from assigner.commands.export import export
from assigner.commands.import_file import import_file
from assigner.commands.lint import lint
from assigner.commands.pg import pg
from assigner.commands.replay import replay
from assigner.commands.serve import serve
from assigner.commands.workspace import workspace

app = typer.Typer(
    name="assigner",
    help="Gives each waiting customer contact to the right agent, and says why.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


@app.callback()
def about() -> None:
    """Gives each waiting customer contact to the right agent, and says why."""


app.command()(serve)
app.command()(demo)
app.command()(replay)
app.command()(lint)
app.command()(explain)
app.command()(doctor)
app.command()(export)
app.command("import")(import_file)
app.command()(erase)
app.add_typer(admin)
app.add_typer(workspace)
app.add_typer(pg)
app.command()(bench)


def main() -> None:
    """Run the command line; the exit code is that of the command."""
    app()
