"""The first page: served on this machine alone, opened by a key, reading only."""

import http.client
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from excomm.desk.page import BriefServer, make_server
from excomm.errors import InputError


@contextmanager
def running(*names: str, on: str | None = None) -> Iterator[BriefServer]:
    server = make_server(list(names) or ["cuba-1962"], on=on, port=0)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def ask(
    server: BriefServer, path: str, *, cookie: str = "", host: str | None = None, verb: str = "GET"
) -> tuple[int, str, dict[str, str]]:
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=20)
    headers = {"Host": host or f"127.0.0.1:{server.server_port}", "Cookie": cookie}
    connection.request(verb, path, headers=headers)
    answer = connection.getresponse()
    body = answer.read().decode()
    connection.close()
    return answer.status, body, dict(answer.getheaders())


def opened(server: BriefServer) -> str:
    status, _, headers = ask(server, server.address.partition(str(server.server_port))[2])
    assert status == 303
    return headers["Set-Cookie"].partition(";")[0]


def test_the_page_is_the_brief_and_says_its_day() -> None:
    with running() as server:
        status, body, headers = ask(server, "/?on=1962-11-12", cookie=opened(server))
    assert status == 200
    assert "Monday 12 November 1962" in body
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_nothing_is_shown_without_the_key() -> None:
    with running() as server:
        status, body, _ = ask(server, "/?on=1962-11-12")
    assert status == 403
    assert "Cuba" not in body


def test_the_key_opens_once() -> None:
    with running() as server:
        path = server.address.partition(str(server.server_port))[2]
        first, second = ask(server, path)[0], ask(server, path)[0]
    assert (first, second) == (303, 403)


def test_another_host_name_is_turned_away() -> None:
    with running() as server:
        status, body, _ = ask(server, "/", cookie=opened(server), host="desk.example")
    assert (status, body) == (421, "This desk answers to 127.0.0.1 alone.\n")


def test_a_bad_day_is_told_with_what_to_write() -> None:
    with running() as server:
        status, body, _ = ask(server, "/?on=1962-11-31", cookie=opened(server))
    assert (status, body) == (
        400,
        "--on: found 1962-11-31, expected a day that exists. Write 1962-11-12.\n",
    )


def test_an_unknown_case_and_an_unknown_page_are_told() -> None:
    with running() as server:
        cookie = opened(server)
        assert ask(server, "/?case=berlin", cookie=cookie)[:2] == (
            404,
            "No case of that name is served here: cuba-1962.\n",
        )
        assert ask(server, "/entries", cookie=cookie)[0] == 404


def test_a_request_that_would_write_is_refused() -> None:
    with running() as server:
        assert ask(server, "/", cookie=opened(server), verb="POST")[0] == 501


def test_a_taken_port_is_told_before_anything_is_served() -> None:
    with running() as server, pytest.raises(InputError) as caught:
        make_server(["cuba-1962"], port=server.server_port)
    assert caught.value.where == "--port"
    assert "--port 0" in str(caught.value)
