"""`cleaner serve` gives the record that `cleaner run` gives; bad, late and deadly requests cost themselves alone."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import msgspec
import pytest
from conftest import PAGE, RULES, Done, read_lines, start
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner import clean
from cleaner.io.files import MAX_DOCUMENT_BYTES
from cleaner.pipeline.settings import Settings
from cleaner.record import Article, restore_source
from cleaner.serve.answer import MEDIA_TYPES, CleanRequest, Problem, process_request
from cleaner.serve.app import MAX_REQUESTS_PER_WORKER

RAW = Path(__file__).parents[1] / "raw"
HALF = b"POST /clean HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nContent-Length: 99\r\n\r\nThe coun"
CANARY = "marmalade-4711"
TEXT = {"Content-Type": "text/plain"}
HTML = {"Content-Type": "text/html"}
JSON = {"Content-Type": "application/json"}

needs_proc = pytest.mark.skipif(not Path("/proc").is_dir(), reason="needs /proc to find the worker processes")


class Server(NamedTuple):
    """A server in a process of its own."""

    process: "subprocess.Popen[bytes]"
    http: httpx.Client

    def post(self, body: Any, headers: dict[str, str] = TEXT, **query: Any) -> httpx.Response:
        return self.http.post("/clean", content=body, headers=headers, params=query)

    def connected(self) -> socket.socket:
        """A connection of one's own, for what no client sends."""
        return socket.create_connection((self.http.base_url.host, self.http.base_url.port or 0))

    def workers(self) -> list[int]:
        """Its worker processes, oldest first; the other child is the one that tracks resources."""
        threads = Path(f"/proc/{self.process.pid}/task").glob("*/children")
        children = sorted(int(pid) for thread in threads for pid in thread.read_text().split())
        return [pid for pid in children if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()]

    def served(self) -> None:
        """Clean a page, after some patience where a worker is only about to start."""
        while (response := self.post(PAGE)).status_code == 503:
            time.sleep(float(response.headers["retry-after"]))
        assert response.status_code == 200

    def until(self, **numbers: int) -> None:
        """Wait for these numbers in /health."""
        while True:
            health = self.http.get("/health").json()
            if all(health[key] == value for key, value in numbers.items()):
                return
            time.sleep(0.01)


@contextmanager
def serving(*options: object) -> Iterator[Server]:
    process = start("serve", "--port", 0, *options)
    assert process.stderr is not None
    said = process.stderr.readline().decode()
    address = re.search(r"http://\S+", said)
    assert address, said + process.stderr.read().decode()
    try:
        with httpx.Client(base_url=address[0], timeout=120) as client:
            yield Server(process, client)
    finally:
        process.kill()
        process.communicate()


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving() as found:
        yield found


@pytest.fixture(scope="module")
def hasty() -> Iterator[Server]:
    """A server that gives up early."""
    with serving("--time-limit", 5) as found:
        yield found


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What `cleaner run` makes of the samples, by their paths."""
    out = tmp_path_factory.mktemp("out")
    process = start("run", RAW, "-o", out, "--audit", "inline", "--quiet")
    process.communicate()
    return {Path(record["source"]["path"]).name: record for record in read_lines(out / "raw.articles.jsonl")}


@contextmanager
def stopped(pid: int) -> Iterator[None]:
    """A worker that does nothing, as if its document took for ever."""
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        if Path(f"/proc/{pid}").exists():
            os.kill(pid, signal.SIGCONT)


def gone(pid: int) -> bool:
    """Whether a process and all its threads have ended; its parent may not have looked at it yet."""
    try:
        return "\nState:\tZ" in Path(f"/proc/{pid}/status").read_text() and len(os.listdir(f"/proc/{pid}/task")) == 1
    except OSError:
        return True


def refused(response: httpx.Response, status: int) -> str:
    """The detail of a problem that is one in every respect."""
    assert response.headers["content-type"] == "application/problem+json"
    problem = msgspec.json.decode(response.content, type=Problem)
    assert (response.status_code, problem.status) == (status, status), problem
    return problem.detail


# ---------------------------------------------------------------- records


@pytest.mark.parametrize("path", sorted(RAW.glob("*.txt")) + sorted(RAW.glob("*.html")), ids=lambda path: path.name)
def test_the_record_is_the_one_that_run_gives(path: Path, server: Server, records: dict[str, Any]) -> None:
    expected = records[path.name]
    expected["source"]["path"] = None
    response = server.post(path.read_bytes(), TEXT if path.suffix == ".txt" else HTML, id=expected["id"], edits="true")
    assert response.json() == expected


@pytest.mark.parametrize("line", read_lines(RAW / "feed.jsonl"), ids=lambda line: str(line.get("id")))
def test_a_line_of_json_gives_the_record_that_clean_gives(line: dict[str, Any], server: Server) -> None:
    fields = {key: line[key] for key in ("id", "text", "html", "title", "url") if line.get(key) is not None}
    made = msgspec.json.decode(server.post(json.dumps({**fields, "edits": True}), JSON).content, type=Article)
    expected = clean(**fields)
    expected.source = made.source
    assert made == msgspec.json.decode(msgspec.json.encode(expected), type=Article)


def test_edits_come_only_when_asked_for_and_then_give_the_source_back(server: Server) -> None:
    assert "edits" not in server.post(PAGE).json()
    made = msgspec.json.decode(server.post(PAGE, edits="true").content, type=Article)
    assert restore_source(made, made.edits or ()) == PAGE


@pytest.mark.parametrize("policy", [{"keep": ["caption", "byline"]}, {"drop": ["heading", "paragraph"]}, {"keep": []}])
def test_a_request_says_what_stays_and_what_goes(policy: dict[str, Any], server: Server) -> None:
    text = (RAW / "en-ferry-strike.txt").read_text()
    expected = clean(text, **policy).text
    assert server.post(text, **policy).json()["text"] == expected
    assert server.post(json.dumps({"text": text, **policy}), JSON).json()["text"] == expected


def test_the_choice_of_one_request_is_not_that_of_the_next(server: Server) -> None:
    text = (RAW / "en-ferry-strike.txt").read_text()
    before = server.post(text).json()
    server.post(text, drop="paragraph", strictness="precision")
    assert server.post(text).json() == before


def test_what_the_query_says_counts_until_json_says_otherwise(server: Server) -> None:
    body = json.dumps({"text": PAGE, "id": "from json", "title": None})
    made = server.post(body, JSON, id="from query", url="https://news.example/1").json()
    assert (made["id"], made["url"]) == ("from json", "https://news.example/1")


def test_the_rules_are_those_of_the_server(rules: Path) -> None:
    with serving("--rules", rules, "--keep", "advertisement") as own:
        edits = own.post(PAGE, edits="true", keep="caption").json()["edits"]
        assert "test.slot" in {edit["rule"] for edit in edits}
        assert "SLOT 17" in own.post(PAGE).json()["text"]
        refused(own.post(json.dumps({"text": PAGE, "rules": [str(rules)]}), JSON), 400)


def test_a_lone_surrogate_in_json_is_read_as_by_the_other_commands(server: Server) -> None:
    made = server.post(b'{"text": "Half \\ud83d a smile.", "title": "\\ud83d"}', JSON).json()
    expected = clean("Half \ud83d a smile.", title="\ud83d")
    assert (made["text"], made["title"]) == (expected.text, expected.title)


# ---------------------------------------------------------------- refusals

BAD: dict[str, tuple[int, dict[str, str], bytes, dict[str, str]]] = {
    "no media type": (415, {}, b"text", {}),
    "a form": (415, {"Content-Type": "application/x-www-form-urlencoded"}, b"text=a", {}),
    "packed": (415, {**TEXT, "Content-Encoding": "gzip"}, b"\x1f\x8b", {}),
    "a long media type": (415, {"Content-Type": "text/" + "x" * 9000}, b"text", {}),
    "no JSON": (400, JSON, b"{", {}),
    "JSON in UTF-16": (400, JSON, '{"text": "a"}'.encode("utf-16"), {}),
    "JSON that is not UTF-8": (400, JSON, b'{"text": "\xff"}', {}),
    "deep JSON": (400, JSON, b'{"text": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", {}),
    "a long number": (400, JSON, b'{"text": ' + b"9" * 100_000 + b"}", {}),
    "no number": (400, JSON, b'{"text": NaN}', {}),
    "a list": (400, JSON, b"[]", {}),
    "neither text nor html": (400, JSON, b"{}", {}),
    "text and html": (400, JSON, b'{"text": "a", "html": "<p>a"}', {}),
    "a number as text": (400, JSON, b'{"text": 1}', {}),
    "an unknown key": (400, JSON, f'{{"text": "a", "{CANARY}": 1}}'.encode(), {}),
    "an unknown role": (400, JSON, f'{{"text": "a", "keep": ["{CANARY}"]}}'.encode(), {}),
    "an unknown strictness": (400, JSON, f'{{"text": "a", "strictness": "{CANARY}"}}'.encode(), {}),
    "the same key again, wrong": (400, JSON, b'{"text": "a", "text": 1}', {}),
    "an unknown field of the query": (400, TEXT, b"text", {CANARY: "1"}),
    "text in the query": (400, TEXT, b"text", {"text": "a"}),
    "neither true nor false": (400, TEXT, b"text", {"edits": "1"}),
    "many fields of the query": (400, TEXT, b"text", {f"a{number}": "" for number in range(200)}),
    "a PDF": (422, TEXT, b"%PDF-1.7" + CANARY.encode(), {}),
    "binary data": (422, TEXT, bytes(range(256)) * 40, {}),
    "NUL bytes": (422, TEXT, b"\0" * 1000, {}),
    "text as a page": (422, HTML, CANARY.encode(), {}),
    "an empty page": (422, HTML, b"", {}),
    "a text of a million words": (422, TEXT, b"word " * 300_000, {}),
    "a body too large": (413, TEXT, b"a" * (MAX_DOCUMENT_BYTES + 1), {}),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_request_gets_a_problem_that_repeats_nothing_of_it(case: str, server: Server) -> None:
    status, headers, body, query = BAD[case]
    response = server.post(body, headers, **query)
    assert refused(response, status)
    assert CANARY not in response.text


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", "/clean", 405), ("DELETE", "/health", 405), ("GET", "/", 404)]
)
def test_another_path_or_method_is_a_problem_too(method: str, path: str, status: int, server: Server) -> None:
    refused(server.http.request(method, path), status)


def test_a_body_without_a_length_is_cut_off_at_the_limit(server: Server) -> None:
    sent = 0

    def chunks() -> Iterator[bytes]:
        nonlocal sent
        while sent < 100 * MAX_DOCUMENT_BYTES:
            sent += 1 << 16
            yield b"a" * (1 << 16)

    refused(server.post(chunks()), 413)
    assert sent < 50 * MAX_DOCUMENT_BYTES


def test_what_is_no_http_ends_its_connection_and_no_other(server: Server) -> None:
    negative = b"POST /clean HTTP/1.1\r\nContent-Length: -1\r\n\r\n"
    for garbage in (b"\0" * 100, b"GET\r\n\r\n", negative, b"\xff" * 70000):
        with server.connected() as connection:
            try:
                connection.sendall(garbage)
                connection.shutdown(socket.SHUT_WR)
                while connection.recv(1 << 16):
                    pass
            except OSError:
                pass
    assert server.post(PAGE).status_code == 200


def test_who_leaves_before_the_body_is_complete_leaves_no_request_inside(server: Server) -> None:
    with server.connected() as connection:
        connection.sendall(HALF)
        server.until(inside=1)
    server.until(inside=0)


def test_a_body_that_does_not_arrive_in_time_is_given_up(hasty: Server) -> None:
    with hasty.connected() as connection:
        connection.sendall(HALF)
        assert connection.recv(1 << 16).startswith(b"HTTP/1.1 408")


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(MEDIA_TYPES), st.binary(max_size=300) | st.text(max_size=200).map(str.encode), st.text(max_size=40)
)
def test_whatever_is_sent_the_answer_is_a_record_or_a_problem_of_the_sender(kind: str, body: bytes, query: str) -> None:
    said = process_request(Settings(), CleanRequest(kind, query, body))
    assert said.status in (200, 400, 422)
    msgspec.json.decode(said.body, type=Article if said.status == 200 else Problem)


# ---------------------------------------------------------------- workers


@needs_proc
def test_a_worker_that_dies_over_a_request_costs_that_request_alone(server: Server) -> None:
    (worker,) = server.workers()
    with ThreadPoolExecutor() as threads, stopped(worker):
        lost = threads.submit(server.post, PAGE)
        server.until(busy=1)
        next_one = threads.submit(server.post, PAGE)
        server.until(inside=2)
        os.kill(worker, signal.SIGKILL)
        assert "died" in refused(lost.result(), 500)
        assert next_one.result().status_code == 200


@needs_proc
def test_a_worker_that_dies_while_it_waits_costs_nothing(server: Server) -> None:
    server.post(PAGE)
    (worker,) = server.workers()
    os.kill(worker, signal.SIGKILL)
    while not gone(worker):
        time.sleep(0.01)
    assert server.post(PAGE).status_code == 200


@needs_proc
def test_a_worker_that_is_late_is_killed_and_the_next_request_served(hasty: Server) -> None:
    hasty.served()
    (worker,) = hasty.workers()
    with stopped(worker):
        assert "cleaning took longer than 5 seconds" in refused(hasty.post(PAGE), 504)
    hasty.served()
    assert worker not in hasty.workers()


def test_a_document_that_takes_longer_than_the_limit_is_given_up(hasty: Server) -> None:
    page = "<html><body>" + "<p>The council met.</p>" * 49_000
    hasty.served()
    assert "cleaning took longer" in refused(hasty.post(page, HTML), 504)


@needs_proc
def test_more_requests_than_may_be_inside_are_turned_away_at_the_door(server: Server) -> None:
    server.post(PAGE)
    (worker,) = server.workers()
    with ThreadPoolExecutor(MAX_REQUESTS_PER_WORKER) as threads:
        with stopped(worker):
            waiting = [threads.submit(server.post, PAGE) for _ in range(MAX_REQUESTS_PER_WORKER)]
            server.until(inside=MAX_REQUESTS_PER_WORKER)
            turned_away = server.post(PAGE)
            assert "try again" in refused(turned_away, 503)
            assert turned_away.headers["retry-after"]
        assert {one.result().status_code for one in waiting} == {200}


@needs_proc
def test_two_workers_work_at_once() -> None:
    with serving("--workers", 2) as own:
        own.post(PAGE)
        first, second = own.workers()
        with ThreadPoolExecutor() as threads, stopped(first), stopped(second):
            both = [threads.submit(own.post, PAGE) for _ in range(2)]
            own.until(busy=2)
            os.kill(first, signal.SIGCONT)
            os.kill(second, signal.SIGCONT)
            assert {one.result().status_code for one in both} == {200}


@needs_proc
@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_server_after_the_requests_inside(by: signal.Signals) -> None:
    with serving() as own:
        own.post(PAGE)
        (worker,) = own.workers()
        with ThreadPoolExecutor() as threads:
            with stopped(worker):
                inside = threads.submit(own.post, PAGE)
                own.until(busy=1)
                own.process.send_signal(by)
                # no new connection is taken: the server is at its end
                while True:
                    try:
                        httpx.get(f"{own.http.base_url}/health")
                    except httpx.TransportError:
                        break
            assert inside.result().status_code == 200
        assert own.process.wait() == 0
        assert not Path(f"/proc/{worker}").exists()


@needs_proc
def test_workers_end_with_a_server_that_is_killed() -> None:
    with serving("--workers", 2) as own:
        own.post(PAGE)
        workers = own.workers()
        own.process.kill()
        own.process.wait()
        while not all(map(gone, workers)):
            time.sleep(0.01)


# ---------------------------------------------------------------- what it says of itself


def test_every_answer_is_as_the_openapi_document_says(server: Server, tmp_path: Path) -> None:
    pytest.importorskip("schemathesis")
    config = tmp_path / "schemathesis.toml"
    # no schema can say which strings are pages
    config.write_text('[checks.positive_data_acceptance]\nexpected-statuses = ["2xx", "422"]\n')
    command = [
        Path(sys.executable).with_name("schemathesis"),
        "--config-file",
        config,
        "run",
        f"{server.http.base_url}/openapi.json",
        "--checks",
        "all",
        "--phases",
        "fuzzing",
        "--max-examples",
        40,
        "--seed",
        11,
        "--generation-deterministic",
        "--no-color",
    ]
    done = subprocess.run([str(word) for word in command], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    assert "No issues found" in done.stdout


def test_the_openapi_document_says_of_the_record_what_its_type_says(server: Server) -> None:
    document = server.http.get("/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    record = document["components"]["schemas"]["Article"]
    assert list(record["properties"]) == list(Article.__struct_fields__)


def test_health_names_the_rules_at_work(server: Server) -> None:
    health = server.http.get("/health").json()
    assert health["rules_sha256"] == server.post(PAGE).json()["tool"]["rules_sha256"]
    assert health["workers"] == 1


# ---------------------------------------------------------------- the command


def test_a_port_that_is_taken_is_an_error_with_its_cure(call: Callable[..., Done], server: Server) -> None:
    done = call("serve", "--port", server.http.base_url.port)
    assert done.code == 2
    assert "cannot listen: Address already in use; choose another" in done.err


def test_a_rule_file_that_cannot_be_used_stops_the_server_before_it_serves(
    call: Callable[..., Done], tmp_path: Path
) -> None:
    bad = tmp_path / "bad.toml"
    bad.write_text(RULES.replace("SLOT 12", "no slot"))
    done = call("serve", "--port", 0, "--rules", bad)
    assert done.code == 2
    assert "Serving" not in done.err


def test_without_its_packages_the_command_names_the_extra() -> None:
    code = "import sys; sys.modules['uvicorn'] = None; from cleaner.cli.main import invoke; sys.exit(invoke(['serve']))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 2
    assert "pip install 'article-cleaner[serve]'" in done.stderr


def test_no_other_command_loads_the_server() -> None:
    code = (
        "import sys; from cleaner.cli.main import invoke; invoke(['--help'])\n"
        "sys.exit(any(name in sys.modules for name in ('uvicorn', 'starlette', 'cleaner.serve')))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True).returncode == 0
