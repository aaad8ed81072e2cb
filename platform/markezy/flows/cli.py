"""`python -m markezy.cli flow …`: flows as files, from a shell.

Answers 0 when all is well, 1 when the flow (or the difference asked for) has something to look at, 2 when the command could not
do its work; then one sentence on standard error says why.
"""

import argparse
import os
import re
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from markezy.flows.checks import ERROR, find_problems
from markezy.flows.cli_stored import export_stored, import_as_draft, stored_flow
from markezy.flows.definition import ChannelName
from markezy.flows.diff import diff
from markezy.flows.engine import compile_flow
from markezy.flows.exchange.flow_file import FlowFile, UnreadableFlow
from markezy.flows.exchange.schema import schema_text
from markezy.flows.exchange.strict_yaml import LARGEST_FILE
from markezy.flows.exchange.typebot import import_typebot
from markezy.flows.exchange.yaml_files import export_flow, import_flow
from markezy.flows.paths import enumerate_paths
from markezy.flows.paths_table import table
from markezy.flows.simulator import COMMANDS, Simulation, shown
from markezy.kernel.errors import Problem

FINE, LOOK, FAILED = 0, 1, 2
_BYTES_A_CHARACTER = 4
_FIGURE = re.compile(r"-?(?:0|[1-9][0-9]{0,15})(?:\.[0-9]{1,15})?")


class CannotRun(Exception):
    """The command can't do its work; the message is one sentence that says why."""


def add_commands(parser: argparse.ArgumentParser) -> None:
    """The subcommands of `flow`; each sets `run`, a function of the parsed arguments that gives the exit code."""
    commands = parser.add_subparsers(dest="flow_command", required=True, metavar="command")

    def command(name: str, run: Callable[[argparse.Namespace], int], summary: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=summary, description=summary)
        added.set_defaults(run=lambda arguments: _guarded(run, arguments))
        return added

    check = command("check", _check, "say what is wrong with a flow")
    play = command("play", _play, f"talk to a flow; besides answers it takes {COMMANDS} and ?question")
    play.add_argument("--locale", default="", help="the language to begin in; the flow's first one by default")
    play.add_argument(
        "--channel", choices=[channel.value for channel in ChannelName], default=ChannelName.WIDGET.value,
        help="where the lead comes from",
    )  # fmt: skip
    for name, what in (("utm", "a parameter of the link, like source=news"), ("hidden", "a field the page hands over")):
        play.add_argument(
            f"--{name}", metavar="NAME=VALUE", action="append", type=_pair, default=[], help=f"{what}; may be repeated"
        )
    paths = command("paths", _paths, "list every way through a flow with its scores")
    for reading in (check, play, paths):
        reading.add_argument("flow", help="a flow's file, or with --tenant the slug of a stored one")
        reading.add_argument(
            "--tenant", metavar="SLUG", help="the agency whose flow it is: its draft, or what is published"
        )
    compared = command("diff", _diff, "tell what changed between two flow files")
    compared.add_argument("old", help="a flow's file")
    compared.add_argument("new", help="a flow's file")
    compared.add_argument("--locale", default="en", help="the language questions are named in")
    export = command("export", _export, "write an agency's flow as a file, to standard output")
    export.add_argument("--tenant", required=True, metavar="SLUG")
    export.add_argument("flow", metavar="flow-slug")
    taken = command("import", _import, "take a flow's file as the draft of an agency's flow")
    taken.add_argument("--tenant", required=True, metavar="SLUG")
    taken.add_argument("file")
    taken.add_argument("--slug", help="the flow's name in addresses; by default what the file says, or its name")
    typebot = command(
        "import-typebot", _import_typebot, "turn an export of Typebot into a flow's file, to standard output"
    )
    typebot.add_argument("file")
    typebot.add_argument("--locale", required=True, help="the language the bot speaks")
    command("schema", _schema, "write the JSON Schema of flow files, to standard output")


def _guarded(run: Callable[[argparse.Namespace], int], arguments: argparse.Namespace) -> int:
    try:
        return run(arguments)
    except BrokenPipeError:
        # Whoever read has read enough, as in `flow paths … | head`; Python would complain again when it closes the output.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FINE
    except UnreadableFlow as error:
        _complain(f"This is no flow yet.\n{error}")
    except Problem as error:
        _complain(error.detail)
    except CannotRun as error:
        _complain(str(error))
    return FAILED


def _complain(message: str) -> None:
    print(message, file=sys.stderr)


def _check(arguments: argparse.Namespace) -> int:
    flow = _flow(arguments)
    findings = find_problems(flow.definition)
    for finding in findings:
        line = flow.line_of(finding.at)
        where = f"line {line}, {finding.at}" if line else finding.at
        print(f"{finding.severity} at {where}: {finding.message} {finding.mend} [{finding.code}]")
    errors = sum(finding.severity == ERROR for finding in findings)
    print(f"{errors} error(s), {len(findings) - errors} warning(s).")
    return LOOK if errors else FINE


def _play(arguments: argparse.Namespace) -> int:
    flow = _sound(arguments)
    simulation = Simulation(
        compile_flow(flow.definition),
        datetime.now(UTC).date(),
        arguments.locale,
        channel=arguments.channel,
        utm=dict(arguments.utm),
        hidden={name: _plain_value(value) for name, value in arguments.hidden},
    )
    for said in shown(simulation.outcome):
        print(said)
    for line in _typed():
        for said in shown(simulation.command(line)):
            print(said)
        state = simulation.state
        if state.end is not None:
            print(f"[{state.outcome}: {state.end}, {state.score} points]")
            break
    return FINE


def _pair(text: str) -> tuple[str, str]:
    name, separator, value = text.partition("=")
    if not name or not separator:
        raise argparse.ArgumentTypeError(f"{text!r} is not written like name=value")
    return name, value


def _plain_value(text: str) -> str | int | float:
    """A figure as the page would hand it over: as a number."""
    if _FIGURE.fullmatch(text):
        return float(text) if "." in text else int(text)
    return text


def _typed() -> Iterator[str]:
    """What is typed or piped in, line by line; what was piped is repeated, so that the output reads as a conversation."""
    typing = sys.stdin.isatty()
    while True:
        if typing:
            print("> ", end="", flush=True)
        line = sys.stdin.readline()
        if not line:
            return
        if not typing:
            print(f"> {line.strip()}")
        yield line.strip()


def _paths(arguments: argparse.Namespace) -> int:
    definition = _sound(arguments).definition
    for line in table(definition, enumerate_paths(definition)):
        print(line)
    return FINE


def _diff(arguments: argparse.Namespace) -> int:
    changes = diff(_read(arguments.old).definition, _read(arguments.new).definition, arguments.locale)
    for change in changes:
        print(change)
    return LOOK if changes else FINE


def _export(arguments: argparse.Namespace) -> int:
    print(export_stored(arguments.tenant, arguments.flow), end="")
    return FINE


def _import(arguments: argparse.Namespace) -> int:
    flow = _read(arguments.file)
    slug = arguments.slug or flow.slug or Path(arguments.file).stem
    draft = import_as_draft(arguments.tenant, slug, flow)
    errors = sum(finding.severity == ERROR for finding in find_problems(flow.definition))
    print(
        f"The draft of {draft.slug} is saved (revision {draft.revision}); {errors} error(s) to mend before publishing."
    )
    return LOOK if errors else FINE


def _import_typebot(arguments: argparse.Namespace) -> int:
    imported = import_typebot(_text(arguments.file), arguments.locale)
    print(export_flow(imported.definition, imported.name, imported.slug), end="")
    for left_out in imported.not_carried_over:
        _complain(f"Not carried over: {left_out}")
    return LOOK if imported.not_carried_over else FINE


def _schema(_arguments: argparse.Namespace) -> int:
    print(schema_text(), end="")
    return FINE


def _flow(arguments: argparse.Namespace) -> FlowFile:
    return stored_flow(arguments.tenant, arguments.flow) if arguments.tenant else _read(arguments.flow)


def _sound(arguments: argparse.Namespace) -> FlowFile:
    """A flow that can run."""
    flow = _flow(arguments)
    errors = [finding for finding in find_problems(flow.definition) if finding.severity == ERROR]
    if errors:
        raise CannotRun(
            f"This flow can't run, it has {len(errors)} error(s): `flow check` says which. {errors[0].message}"
        )
    return flow


def _read(path: str) -> FlowFile:
    return import_flow(_text(path))


def _text(path: str) -> str:
    try:
        with Path(path).open("rb") as file:
            content = file.read(LARGEST_FILE * _BYTES_A_CHARACTER + 1)
        return content.decode()
    except FileNotFoundError:
        raise CannotRun(f"There is no file {path}.") from None
    except OSError as error:
        raise CannotRun(f"{path} can't be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise CannotRun(f"{path} is no text in UTF-8.") from None
