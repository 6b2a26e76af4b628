"""`approval-guide rules`: the commands of the group, which stand in several files."""

from app.cli.commands import Command
from app.cli.mutate import mutate
from app.cli.releases import add_to
from app.cli.rules import cli
from app.cli.rules_impact import diff_rules, impact_of_rules
from app.cli.rules_verify import verify_rules

__all__ = ["cli"]

cli.command("verify", cls=Command)(verify_rules)
add_to(cli)
cli.command("diff", cls=Command)(diff_rules)
cli.command("impact", cls=Command)(impact_of_rules)
cli.command("mutate", cls=Command)(mutate)
