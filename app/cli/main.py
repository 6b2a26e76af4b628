"""The command line's front: which groups of commands there are."""

import typer

from app.cli import audit, clients, db, feedback, releases, rules
from app.cli.evaluate import evaluate
from app.cli.rules_impact import diff_rules, impact_of_rules
from app.cli.rules_verify import verify_rules
from app.cli.serve import serve
from app.cli.settings import show_settings

cli = typer.Typer(
    name="approval-guide",
    help="审批路径导办 · what a company must really do to get its approvals, each line with its clause.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
cli.command("serve")(serve)
rules.cli.command("verify")(verify_rules)
releases.add_to(rules.cli)
rules.cli.command("diff")(diff_rules)
rules.cli.command("impact")(impact_of_rules)
cli.add_typer(rules.cli, name="rules")
cli.add_typer(clients.cli, name="clients")
cli.add_typer(db.cli, name="db")
cli.add_typer(audit.cli, name="audit")
cli.add_typer(feedback.cli, name="feedback")
cli.command("settings")(show_settings)
cli.command("evaluate")(evaluate)


@cli.callback()
def _front() -> None:
    """Keep the groups as groups, even while there is one of them only."""


def main() -> None:
    """Run the command line."""
    cli()
