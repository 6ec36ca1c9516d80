"""Servers that ask for credentials in every wrong way, and servers that point elsewhere."""

from __future__ import annotations

from calls import (
    AS_ALICE,
    asked,
    get,
    get_twice,
    gives,
    in_hand,
    no_password,
    nothing_elsewhere,
    put_element,
    save,
    sends_cookies,
    token,
    wrote,
)
from faulty import BOOK, FOUND, LISTS, Case

from raw import reply
from xcap_sdk import Redirected, Unauthorized, UnexpectedReply

MIB = 2**20
DIGEST = 'Digest realm="xcap", qop="auth", algorithm=MD5, nonce='
FOLLOWED = gives("the document", BOOK)


def unauthorized(*challenges: str, body: bytes = b"") -> bytes:
    return reply("401 Unauthorized", body, *(f"WWW-Authenticate: {each}" for each in challenges))


def to(location: str, status: str = "307 Temporary Redirect") -> bytes:
    return reply(status, b"", f"Location: {location}")


ASKING = (
    *(
        Case(
            server=words,
            call=get,
            answers={"GET": [unauthorized(*challenges)]},
            options=AS_ALICE,
            raises=Unauthorized,
            after=(asked(1), no_password),
        )
        for words, challenges in {
            "answers 401 and asks for nothing": [],
            "asks for a scheme that there is not": ["Hologram realm=x"],
            "asks for Digest with a hash that there is not": [DIGEST.replace("MD5", "CRC32") + '"n"'],
            "asks for Digest without a nonce": ['Digest realm="xcap"'],
            "asks for Digest with a qop that there is not": [DIGEST.replace('"auth"', '"auth-all"') + '"n"'],
            "sends a challenge of garbage": ['=,"==,\\"Digest,,nonce'],
            "sends a nonce that cannot be sent back": [DIGEST + '"a\x01b"'],
        }.items()
    ),
    Case(
        server="refuses the password",
        call=get,
        answers={"GET": [unauthorized(DIGEST + f'"{number}"') for number in range(9)]},
        options=AS_ALICE,
        raises=Unauthorized,
        match="whether they have changed",
        after=(asked(2),),
    ),
    Case(
        server="says for ever that the nonce is stale",
        call=get,
        answers={"GET": [unauthorized(DIGEST + f'"{number}", stale=true') for number in range(9)]},
        options=AS_ALICE,
        raises=Unauthorized,
        after=(asked(3),),
    ),
    Case(
        server="asks for the same realm by another name each time",
        call=get,
        answers={"GET": [unauthorized(f'Digest realm="{number}", nonce="n"') for number in range(9)]},
        options=AS_ALICE,
        raises=Unauthorized,
        after=(asked(2),),
    ),
    Case(
        server="sends 300 challenges",
        call=get,
        answers={"GET": [unauthorized(*[DIGEST + f'"{number}"' for number in range(300)])]},
        options=AS_ALICE,
        raises=Unauthorized,
        after=(asked(2),),
    ),
    Case(
        server="sends a challenge of 60 KiB",
        call=get,
        answers={"GET": [unauthorized(DIGEST + f'"{"n" * 61_440}"')]},
        options=AS_ALICE,
        raises=Unauthorized,
        after=(asked(2),),
    ),
    Case(
        server="refuses the password in Basic",
        call=get,
        answers={"GET": [unauthorized('Basic realm="xcap"')]},
        options=AS_ALICE,
        raises=Unauthorized,
        after=(asked(2),),
    ),
    Case(
        server="refuses a token",
        call=get,
        answers={"GET": [unauthorized("Bearer")]},
        options={"auth": token()},
        raises=Unauthorized,
        after=(asked(2),),
    ),
    Case(
        server="takes the password for reading, and refuses it for writing",
        call=save,
        answers={"GET": [unauthorized(DIGEST + '"a"'), FOUND], "PUT": [unauthorized(DIGEST + '"b"')]},
        options=AS_ALICE,
        raises=Unauthorized,
        after=(wrote(2), in_hand),
    ),
    Case(
        server="takes a nonce once, and answers 401 and nothing else to the next request",
        call=get_twice,
        answers={
            "GET": [unauthorized(DIGEST + '"a"'), FOUND, unauthorized(), unauthorized(DIGEST + '"b"'), FOUND]
        },
        options=AS_ALICE,
        raises=None,
        after=(asked(5), FOLLOWED),
    ),
    Case(
        server="sends a long body with its challenge",
        call=get,
        answers={"GET": [unauthorized(DIGEST + '"a"', body=b" " * (2 * MIB))]},
        options={**AS_ALICE, "network": {"max_reply": MIB}},
        raises=UnexpectedReply,
        after=(asked(1), no_password),
    ),
    Case(
        server="asks, as if it were a proxy (407)",
        call=get,
        answers={
            "GET": [reply("407 Proxy Authentication Required", b"", 'Proxy-Authenticate: Basic realm="x"')]
        },
        options=AS_ALICE,
        raises=UnexpectedReply,
        after=(asked(1), no_password),
    ),
    Case(
        server="asks for credentials for elsewhere (domain)",
        call=get,
        answers={"GET": [unauthorized(DIGEST + '"a", domain="{elsewhere}"'), FOUND]},
        options=AS_ALICE,
        raises=None,
        after=(asked(2), nothing_elsewhere),
    ),
)

COOKIES = (
    *(
        Case(
            server=words,
            call=get_twice,
            answers={"GET": [reply("200 OK", BOOK, LISTS, *(f"Set-Cookie: {each}" for each in cookies))]},
            raises=None,
            after=(FOLLOWED, sends_cookies(count)),
        )
        for words, cookies, count in (
            ("sets a cookie, as balancers do", ["server=7"], 1),
            ("sets a cookie of bytes that cannot be sent back", ["a=\xe9\xff"], 0),
            ("sets two cookies, one with half a Max-Age", ["a=1; Max-Age", "server=7"], 1),
            ("sets a cookie for elsewhere", ["a=1; domain=example.net"], 0),
            ("sets a cookie that is longer than all may be", [f"a={'1' * 5000}"], 0),
            ("sets 2,000 cookies", [f"c{number}=1" for number in range(2000)], 113),
            ("sets a cookie of garbage", ["=;;; expires=never; max-age=9e99; ,"], 0),
        )
    ),
)

REDIRECTS = (
    *(
        Case(
            server=words,
            call=get,
            answers={"GET": [to(location)]},
            options=AS_ALICE,
            raises=Redirected,
            match="not followed",
            after=(asked(1), nothing_elsewhere),
        )
        for words, location in {
            "points to another server": "{elsewhere}/index",
            "points to another server, without a scheme": "//xcap.example.net/index",
            "points to a name that cannot be one": "http://xn--zzzzzzz---.invalid/index",
            "points to another scheme": "https://127.0.0.1/index",
            "points to a file": "file:///etc/passwd",
            "points to itself, with a user name in the URI": "http://alice@{own}/index",
            "points to a port that there is not": "http://127.0.0.1:99999/index",
            "points to garbage": "http://[",
            "points to a place with a blank in it": "/a b",
            "points to 60 KiB of quotation marks": '"' * 60_000,
            "points elsewhere, with what terminals act on": "{elsewhere}/%1b%5b2J%0aerror:%20gone",
        }.items()
    ),
    Case(
        server="points nowhere",
        call=get,
        answers={"GET": [reply("307 Temporary Redirect")]},
        raises=UnexpectedReply,
        after=(asked(1),),
    ),
    Case(
        server="points to itself for ever",
        call=get,
        answers={"GET": [to("?again")]},
        raises=Redirected,
        after=(asked(6),),
    ),
    Case(
        server="points to another place of its own",
        call=get,
        answers={"GET": [to("/moved/index"), FOUND]},
        raises=None,
        after=(asked(2), FOLLOWED),
    ),
    Case(
        server="points to itself, and from there to another server",
        call=get,
        answers={"GET": [to("/moved"), to("{elsewhere}/index")]},
        options=AS_ALICE,
        raises=Redirected,
        after=(asked(2), nothing_elsewhere),
    ),
    Case(
        server="points a write to another server",
        call=save,
        answers={"PUT": [to("{elsewhere}/index")]},
        options=AS_ALICE,
        raises=Redirected,
        after=(wrote(1), nothing_elsewhere, in_hand),
    ),
    Case(
        server="points a write to where a GET would be made of it (303)",
        call=put_element,
        answers={"PUT": [to("/moved", "303 See Other")]},
        raises=Redirected,
        after=(wrote(1),),
    ),
    Case(
        server="offers several places (300)",
        call=get,
        answers={"GET": [to("/moved", "300 Multiple Choices")]},
        raises=Redirected,
        after=(asked(1),),
    ),
    Case(
        server="sends 60 KiB of a Location",
        call=get,
        answers={"GET": [to("/" + "x" * 61_440), FOUND]},
        raises=None,
        after=(asked(2), FOLLOWED),
    ),
)
