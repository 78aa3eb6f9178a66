"""`cleaner serve`: clean one document a request, for tools that are not Python."""

import signal
import socket

import click

from cleaner.cli.options import EXIT_OK, add_policy_options, build_settings, prepare_checked
from cleaner.errors import CleanerError, advise_install


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0 is a free one.")
@click.option("--workers", type=click.IntRange(1), default=1, show_default=True, help="Processes to work in.")
@click.option(
    "--time-limit",
    type=click.FloatRange(0, min_open=True),
    default=30.0,
    show_default=True,
    metavar="SECONDS",
    help="How long a document may take to clean.",
)
@add_policy_options
def serve(host: str, port: int, workers: int, time_limit: float, **policy: object) -> int:
    """Answer each POST of a text or a page with its record.

    POST /clean takes text/plain, text/html, and JSON with "text" or "html"; /openapi.json describes it all.  Whoever
    reaches the address may use it: it is this machine alone, unless --host says otherwise.

    \b
    cleaner serve --workers 2
    curl -H 'Content-Type: text/html' --data-binary @page.html 'http://127.0.0.1:8000/clean?edits=true'
    """
    try:
        import uvicorn

        from cleaner.serve.app import build_application
    except ModuleNotFoundError as error:
        raise CleanerError(f"{error.name} is not installed; {advise_install('serve')}") from None
    chosen = build_settings(policy)
    # here already, so that a rule file that cannot be used ends the command and not each worker
    prepare_checked(chosen)
    app = build_application(chosen, workers, time_limit)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listening = socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        # Python adds the address in its own words
        what = (error.strerror or "").partition(" (while")[0]
        raise CleanerError(f"{host}:{port}: cannot listen: {what}; choose another --host or --port") from None
    # connections have this from their listener; without it every answer waits 40 ms for an acknowledgement
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    address = f"[{host}]" if ":" in host else host
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            lifespan="on",
            ws="none",
            # an access log would hold addresses of articles, and a header the version of the server
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            # a body, a wait and a document, each within the limit
            timeout_graceful_shutdown=int(3 * time_limit) + 1,
        )
    )
    # the server ends well by either, and uvicorn raises them once more behind it
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, server.handle_exit)
    click.echo(f"Serving http://{address}:{listening.getsockname()[1]} until Ctrl-C", err=True)
    server.run(sockets=[listening])
    return EXIT_OK if server.started else 1
