"""What the demo says when it is ready: where to go, and whom to log in as."""

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.table import Table


def show(demo: Mapping[str, Any], sandbox_url: str) -> None:
    """Print the addresses and the log-ins."""
    # A terminal decides the width; a log file gets one in which no address is broken.
    console = Console(width=None if Console().is_terminal else 140)
    places = Table(title="Where to look", title_justify="left", show_header=False)
    for tenant in demo["tenants"]:
        places.add_row(f"{tenant['name']}: website with the chat", f"{sandbox_url}/sites/{tenant['slug']}")
    places.add_row("Console for agency staff", f"{demo['platform_url']}/console")
    places.add_row("Captured e-mails", demo["mail_url"])
    places.add_row("Sandbox CRM", demo["sandbox_crm_url"])
    people = Table("Agency", "E-mail", "Password", "Role", title="Log in as", title_justify="left")
    for tenant in demo["tenants"]:
        for user in tenant["users"]:
            people.add_row(tenant["name"], user["email"], user["password"], user["role"])
    console.print(places)
    console.print(people)
    console.print("Ctrl-C ends everything.")
