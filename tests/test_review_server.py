"""The review server answers its own page on this machine, and nobody and nothing else."""

import http.client
import os
import signal
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from browser import chromium, needs_chromium, opened
from conftest import PAGE, RULES, Done, start
from playwright.sync_api import expect

from cleaner.review.server import LOOPBACK_ADDRESS, MAX_DECISIONS_BYTES, ReviewServer
from cleaner.review.session import open_desk
from cleaner.workbench.decisions import parse_decisions

DECISION = """schema_version = 1

[[decision]]
verdict = "reject"
document = "page"
text_sha256 = "{sha}"
start = 137
end = 146
text = "SLOT 17"
rule = "test.slot"
role = "advertisement"
language = "en"
url = ""
""".format(sha="0" * 64).encode()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A page, a rule file, and a secret beside them."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "page.txt").write_text(PAGE)
    (tmp_path / "own.toml").write_text(RULES)
    (tmp_path / "secret").write_text("the secret")
    return tmp_path


@pytest.fixture
def server(folder: Path) -> Iterator[ReviewServer]:
    with open_desk(str(folder / "in"), folder / "own.toml", 0) as (found, _):
        thread = threading.Thread(target=found.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield found
        found.shutdown()
        thread.join()


def ask(server: ReviewServer, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, bytes]:
    """Status and body of an answer; a header that is empty is left out."""
    connection = http.client.HTTPConnection(LOOPBACK_ADDRESS, server.port, timeout=30)
    own = f"{LOOPBACK_ADDRESS}:{server.port}"
    sent = {"Host": own, "Origin": f"http://{own}", "Content_Length": str(len(body)), **headers}
    connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
    for name, value in sent.items():
        if value:
            connection.putheader(name.replace("_", "-"), value)
    connection.endheaders()
    connection.send(body)
    answer = connection.getresponse()
    return answer.status, answer.read()


def test_the_page_is_served_at_its_secret_address(server: ReviewServer) -> None:
    status, body = ask(server, "GET", f"/{server.token}/")
    assert status == 200 and b"<!doctype html>" in body


def test_it_listens_on_loopback_alone(server: ReviewServer) -> None:
    assert server.socket.getsockname()[0] == "127.0.0.1"


def test_another_address_of_this_machine_is_not_answered(server: ReviewServer) -> None:
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.2", server.port), timeout=5)


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", "", "[::1]:{port}"]
)
def test_another_host_is_refused(server: ReviewServer, host: str) -> None:
    given = host.format(port=server.port)
    assert ask(server, "GET", f"/{server.token}/", Host=given)[0] in (400, 403)
    assert ask(server, "POST", f"/{server.token}/decisions", DECISION, Host=given)[0] in (400, 403)


def test_localhost_is_a_name_of_this_machine(server: ReviewServer) -> None:
    own = f"localhost:{server.port}"
    assert ask(server, "GET", f"/{server.token}/", Host=own, Origin=f"http://{own}")[0] == 200


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "", "https://127.0.0.1:{port}", "http://127.0.0.1:1"]
)
def test_decisions_from_another_origin_are_refused(server: ReviewServer, folder: Path, origin: str) -> None:
    given = origin.format(port=server.port)
    assert ask(server, "POST", f"/{server.token}/decisions", DECISION, Origin=given)[0] == 403
    assert not (folder / "decisions.toml").exists()


def test_another_origin_cannot_read_the_page(server: ReviewServer) -> None:
    assert ask(server, "GET", f"/{server.token}/", Origin="http://evil.example")[0] == 403


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/decisions",
        "/wrong/",
        "/{token}",
        "/{token}/secret",
        "/{token}/../secret",
        "/{token}/%2e%2e/secret",
        "/{token}/..%2fsecret",
        "/{token}/?x",
        "/{token}/\\..\\secret",
        "file:///etc/passwd",
        "/{token}/own.toml",
        "/{token}/decisions.toml",
    ],
)
def test_no_other_path_is_read(server: ReviewServer, path: str) -> None:
    status, body = ask(server, "GET", path.format(token=server.token))
    assert status == 404 and b"secret" not in body


@pytest.mark.parametrize(
    "path", ["/{token}/", "/{token}/../secret", "/{token}/secret", "/wrong/decisions", "/decisions"]
)
def test_no_other_path_is_written(server: ReviewServer, folder: Path, path: str) -> None:
    assert ask(server, "POST", path.format(token=server.token), DECISION)[0] == 404
    assert (folder / "secret").read_text() == "the secret"
    assert not (folder / "decisions.toml").exists()


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "TRACE"])
def test_no_other_method_is_known(server: ReviewServer, method: str) -> None:
    assert ask(server, method, f"/{server.token}/")[0] == 501


def test_decisions_are_written_beside_the_rules(server: ReviewServer, folder: Path) -> None:
    status, said = ask(server, "POST", f"/{server.token}/decisions", DECISION)
    assert (status, (folder / "decisions.toml").read_bytes()) == (200, DECISION)
    assert said.startswith(b"1 decision saved")
    assert sorted(path.name for path in folder.iterdir()) == ["decisions.toml", "in", "own.toml", "secret"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"schema_version = 2",
        b"\xff\xfe",
        b"not toml",
        DECISION.replace(b'"reject"', b'"perhaps"'),
        DECISION + b"more = 1\n",
        DECISION.replace(b"start = 137", b"start = -1"),
        DECISION.replace(b"146", b"1"),
        DECISION.replace(b'"advertisement"', b'"nonsense"'),
        b"a = " + b"[" * 5000,
    ],
    ids=["empty", "version", "encoding", "no toml", "verdict", "key", "negative", "no span", "role", "deep"],
)
def test_what_is_no_decisions_is_refused_with_the_cure(server: ReviewServer, folder: Path, body: bytes) -> None:
    status, said = ask(server, "POST", f"/{server.token}/decisions", body)
    assert status == 400 and b"decisions.toml: " in said and b"save it from the page again" in said
    assert not (folder / "decisions.toml").exists()


@pytest.mark.parametrize(
    ("length", "status"), [(str(MAX_DECISIONS_BYTES + 1), 413), ("9" * 5000, 413), ("-1", 411), ("", 411), ("x", 411)]
)
def test_a_wrong_length_is_refused(server: ReviewServer, length: str, status: int) -> None:
    assert ask(server, "POST", f"/{server.token}/decisions", Content_Length=length)[0] == status


def test_decisions_that_came_in_part_are_refused(server: ReviewServer, folder: Path) -> None:
    with socket.create_connection((LOOPBACK_ADDRESS, server.port)) as connection:
        own = f"{LOOPBACK_ADDRESS}:{server.port}"
        head = [f"POST /{server.token}/decisions HTTP/1.1", f"Host: {own}", f"Origin: http://{own}"]
        connection.sendall("\r\n".join([*head, "Content-Length: 999", "", ""]).encode() + DECISION)
        connection.shutdown(socket.SHUT_WR)
        assert b" 400 " in connection.recv(100)
    assert not (folder / "decisions.toml").exists()


def test_a_taken_port_is_said_with_the_cure(server: ReviewServer, folder: Path, call: Callable[..., Done]) -> None:
    done = call("review", folder / "in", "--rules", folder / "own.toml", "--port", server.port, "--no-browser")
    assert done.code == 2 and "choose another --port" in done.err


def test_an_input_without_articles_is_said(folder: Path, call: Callable[..., Done]) -> None:
    (folder / "in" / "page.txt").unlink()
    done = call("review", folder / "in", "--rules", folder / "own.toml", "--no-browser")
    assert done.code == 2 and "holds nothing to review" in done.err


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT to send")
def test_an_interrupt_ends_it_and_leaves_nothing_behind(folder: Path) -> None:
    (folder / "tmp").mkdir()
    child = start(
        "review",
        folder / "in",
        "--rules",
        folder / "own.toml",
        "--no-browser",
        env={**os.environ, "TMPDIR": str(folder / "tmp")},
    )
    assert child.stderr
    said = b""
    while b"until Ctrl-C" not in said:
        line = child.stderr.readline()
        assert line, said
        said += line
    child.send_signal(signal.SIGINT)
    try:
        _, rest = child.communicate(timeout=60)
    except subprocess.TimeoutExpired:
        child.kill()
        raise
    assert (child.returncode, rest.strip()) == (0, b"ended")
    assert list((folder / "tmp").iterdir()) == []


@needs_chromium
def test_a_line_rejected_on_the_served_page_is_back_in_the_article(server: ReviewServer, folder: Path) -> None:
    with chromium() as browser:
        page = opened(browser.new_page(), server.address)
        page.locator(".article").click()
        page.locator(".lines li.dropped", has_text="SLOT 17").hover()
        page.get_by_role("button", name="Reject").click()
        page.click("#save")
        expect(page.locator("#status")).to_contain_text("and cleaned again: ", timeout=60_000)
        page.wait_for_selector("body[data-ready]")
        page.locator(".article").click()
        expect(page.locator(".lines li.kept", has_text="SLOT 17")).to_be_visible()
    (decision,) = parse_decisions((folder / "decisions.toml").read_bytes(), "decisions.toml")
    assert (decision.verdict, decision.text, decision.rule) == ("reject", "SLOT 17", "test.slot")
    assert PAGE[decision.start : decision.end].strip() == "SLOT 17"


@needs_chromium
def test_a_kept_line_made_a_rule_is_gone_from_the_article(server: ReviewServer) -> None:
    with chromium() as browser:
        page = opened(browser.new_page(), server.address)
        page.locator(".article").click()
        page.locator(".lines li.kept", has_text="Nobody in the hall").hover()
        page.get_by_role("button", name="Make it a rule …").click()
        page.get_by_role("button", name="Make it a rule", exact=True).click()
        page.click("#save")
        expect(page.locator("#status")).to_contain_text("decision saved", timeout=60_000)
        said = page.locator("#status").text_content() or ""
        assert "refused" in said or "cleaned again" in said


def test_decisions_on_another_version_of_the_text_are_refused(server: ReviewServer, folder: Path) -> None:
    status, said = ask(server, "POST", f"/{server.token}/decisions", DECISION)
    assert status == 200 and b"the article reads otherwise now" in said
    assert (folder / "own.toml").read_text() == RULES


@needs_chromium
def test_the_page_says_so_when_the_server_is_gone(folder: Path) -> None:
    with chromium() as browser, open_desk(str(folder / "in"), folder / "own.toml", 0) as (found, _):
        thread = threading.Thread(target=found.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        page = opened(browser.new_page(), found.address)
        found.shutdown()
        thread.join()
        found.server_close()
        page.locator(".article").click()
        page.locator(".lines li.dropped").first.hover()
        page.get_by_role("button", name="Reject").click()
        page.click("#save")
        expect(page.locator("#status")).to_contain_text("is cleaner review still running?")
