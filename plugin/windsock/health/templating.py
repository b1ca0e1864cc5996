"""A message with its variable parts replaced, so that the same failure reads the same each time.

Hosts, ports, databases, buckets, paths and codes stay: one warehouse that refuses is one failure, two
warehouses are two. Ids, dates, durations, counts, addresses and quoted values do not.

One pattern is run over the text once, from left to right; at each place the first alternative that fits is
taken. Every alternative is bounded and none repeats a repetition, so that the time grows with the length of
the text alone, and the text is cut before.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, NamedTuple
from urllib.parse import unquote

MAX_TEXT: Final = 2_000
"""How much of a message is looked at, in characters; what tells failures apart stands at its start."""
_MAX_DUMP: Final = 20_000


class Part(NamedTuple):
    """One kind of text inside a message."""

    name: str
    pattern: str
    replace: str | Callable[[str], str] | None
    """What takes its place; None keeps it as it is."""
    example: str
    """A message that holds one."""
    template: str
    """What the example becomes."""


_MONTH: Final = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_CLOCK: Final = r"\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?"
_ZONE: Final = r"(?: ?(?:Z|UTC|GMT|[+-]\d\d:?\d\d))?"
_UNIT: Final = (
    r"(?:ms|[mµ]?s|secs?|seconds?|milliseconds?|microseconds?|min|mins|minutes?|h|hrs?|hours?|days?|weeks?"
    r"|Sekunden?|Minuten?|Stunden?|secondes?|segundos?|секунд\w{0,2}|минут\w{0,2})"
)
_SIZE: Final = r"(?:[KMGTP]i?B?|[kM]b|[Bb]ytes?)"
_LABELLED: Final = (
    r"(?:request|trace|correlation|activity|query|session|operation|job|process|statement|transaction|span"
    r"|container"
    r"|audit|message|batch|invocation|execution|host|sfq|attempt|task instance)[ _-]?(?:id|guid|uuid)"
)
# Words before a quoted text that say that it is a name.
_NAMING: Final = (
    r"(?:hosts?|hostname|server(?: at| on)?|database|db|dbname|bucket|schema|catalog|warehouse|relation"
    r"|table|view"
    r"|column|field|key|path|file|directory|url|endpoint|region|queue|topic|exchange|stream|collection"
    r"|index|role"
    r"|user|account|state|status|error|\w{1,20}_(?:state|message)|project|dataset|namespace|conn_id"
    r"|connection|variable|pool|module|named|package|provider"
    r"|library|name|macro|function|class|type|attribute|reason|message|code|resolve|image|secret|constraint"
    r"|resource|from|on|dag|task|asset)"
)
HTTP_WORDS: Final = (
    r"(?:client error|server error|(?:get|post|put|patch|delete|head) |unauthori[sz]ed|forbidden|not found"
    r"|method not"
    r"|not acceptable|request|conflict|gone|unprocessable|too many|internal|not implemented|bad |service"
    r"|gateway|access"
    r"|permission|quota|rate |resource|deadline|the |an? |error|syntax|invalid|unrecognized|already"
    r"|unauthenticated)"
)
"""How the words after a leading HTTP status begin, in lower case; after a count stand other words."""


def _name(word: str) -> str:
    """Replace the dates and numbers inside a name: a table of a day, a part of a file."""
    return _NUMBERED.sub(lambda found: "<date>" if found.lastgroup == "date" else "<number>", word)


_NUMBERED: Final = re.compile(
    r"(?<![0-9A-Za-z])(?:[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
    r"|(?=[a-fA-F]{0,30}\d)(?=\d{0,30}[a-fA-F])[0-9a-fA-F]{12,64})(?![0-9A-Za-z])"
    r"|(?P<date>(?<!\d)(?:19|20)\d\d[-_./]?(?:0[1-9]|1[0-2])(?:[-_./]?(?:0[1-9]|[12]\d|3[01]))?"
    r"(?:[T_-]?\d{2,6}(?:[-_:]\d\d){0,3})?(?!\d))"
    r"|\d{5,}|(?:(?<==)|(?<=part[-_])|(?<=chunk[-_])|(?<=batch[-_])|(?<=page[-_])"
    r"|(?<=attempt[-_]))\d{1,4}(?!\w)"
)
_HEX_NAME: Final = re.compile(
    r"(?=[0-9a-f-]*\d)(?:[0-9a-f]{7,64}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"
)
_TEMPORARY: Final = frozenset({"tmp", "temp", "T"})


def _path(path: str) -> str:
    """Keep the names of a path; replace dates, numbers, hashes and temporary folders in it."""
    body, _, _ = path.partition("?")
    end = len(body.rstrip(".:,;"))
    parts = unquote(body[:end]).split("/")
    kept = [
        "<temporary>"
        if position and part and parts[position - 1] in _TEMPORARY
        else "<name>"
        if position and parts[position - 1] == "pods"
        else "<number>"
        if part.isdigit()
        else "<hex>"
        if _HEX_NAME.fullmatch(part)
        else _name(part)
        for position, part in enumerate(parts)
    ]
    return "/".join(kept) + body[end:]


def _url(url: str) -> str:
    """Keep scheme, host, port and path of an address; leave out who asks and what is asked."""
    scheme, _, rest = url.partition("://")
    rest = re.split(r"[?#]", rest, maxsplit=1)[0]
    authority, slash, path = rest.partition("/")
    return f"{scheme.lower()}://{authority.rpartition('@')[2].lower()}{_path(slash + path) if slash else ''}"


_HOST: Final = re.compile(r"[A-Za-z0-9][\w-]{0,62}(?:\.[\w-]{1,63}){1,8}(?::\d{1,5})?")
_QUOTES: Final = "'\"`"


def _quoted(text: str) -> str:
    """Keep a quoted path, address, host or name in backticks; any other quoted text is a value."""
    quote, inner = text[0], text[1:-1]
    if "://" in inner[:30]:
        return f"{quote}{_url(inner)}{quote}"
    if inner.startswith("/"):
        return f"{quote}{_path(inner)}{quote}"
    if _HOST.fullmatch(inner) and not inner.replace(".", "").isdigit():
        return f"{quote}{_name(inner)}{quote}"
    if quote == "`" and inner and not any(character.isspace() for character in inner):
        return f"{quote}{_name(inner)}{quote}"
    return "<text>"


def _named(text: str) -> str:
    """Keep a quoted name after a word that says what it names; of a sentence replace the variable parts."""
    found = _LAST_QUOTED.fullmatch(text)
    if found is None:
        return text
    start, quote, inner = found.groups()
    if "://" in inner[:30]:
        shown = _url(inner)
    elif inner.startswith("/"):
        shown = _path(inner)
    elif " " in inner:
        shown = _SCANNER.sub(_replaced, inner)
    else:
        shown = _name(inner)
    return f"{start}{quote}{shown}{quote}"


_LAST_QUOTED: Final = re.compile(r"(.*)(['\"`])(.*?)\2", re.DOTALL)


def _label(text: str) -> str:
    return _LABEL.sub(r"\1 <id>", text, count=1)


_LABEL: Final = re.compile(rf"({_LABELLED}).*", re.IGNORECASE | re.DOTALL)


def _command(text: str) -> str:
    """Keep the program of a command and its first word; the rest are arguments."""
    words = re.findall(r"'([^'\n]{1,300})'", text[text.index("[") :])[:2]
    return f"Command {' '.join(_path(word) if word.startswith('/') else _name(word) for word in words)}"


PARTS: Final[tuple[Part, ...]] = (
    Part(
        "url",
        r"(?<![A-Za-z0-9+.-])[A-Za-z][A-Za-z0-9+.-]{1,20}://[^\s'\"<>`,;)\]}]{1,1000}",
        _url,
        "503 Server Error for url: https://anna:x@api.acme.example/v1/rates?day=2026-11-01",
        "503 Server Error for url: https://api.acme.example/v1/rates",
    ),
    Part(
        "email",
        r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}",
        "<e-mail>",
        "cannot write to anna.b@acme.example",
        "cannot write to <e-mail>",
    ),
    Part(
        "labelled",
        rf"(?i:\b{_LABELLED}s?)['\"]?[ :=]{{0,3}}['\"]?(?=[\w/+=.-]{{0,100}}\d)[\w/+=.-]{{4,200}}",
        _label,
        "Throttled. Request ID: 4442587FB7D0A2F9",
        "Throttled. Request ID <id>",
    ),
    Part(
        "client",
        r"\b[Ff]rom [\w.-]{1,100}/\d{1,3}(?:\.\d{1,3}){3}|entry for host \"[^\"\n]{1,80}\"",
        "<client>",
        "Call From node-17/10.0.4.17 to rm.acme.example:8032",
        "Call <client> to rm.acme.example:8032",
    ),
    Part(
        "resolved",
        r" ?\((?:\d{1,3}(?:\.\d{1,3}){3}|(?=[^)\n]{0,39}:[^)\n]{0,39}:)[0-9a-fA-F:.]{2,45})\)",
        "",
        'server at "dwh-1" (10.20.0.11), port 5439',
        'server at "dwh-1", port 5439',
    ),
    Part(
        "endpoint",
        r"\('[\w.:-]{1,100}', \d{1,5}\)",
        None,
        "Connect call failed ('10.0.0.5', 9092)",
        "Connect call failed ('10.0.0.5', 9092)",
    ),
    Part(
        "uuid",
        r"(?<![0-9A-Za-z])[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}(?![0-9A-Za-z])",
        "<uuid>",
        "no row 8f14e45f-ceea-467f-a0e6-0a1b2c3d4e5f",
        "no row <uuid>",
    ),
    Part(
        "hash",
        r"(?<![0-9A-Za-z_])(?=[a-fA-F]{0,30}\d)(?=\d{0,30}[a-fA-F])[0-9a-fA-F]{12,128}(?![0-9A-Za-z])",
        "<hex>",
        "commit 3f786850e387550fdab836ed7e6dc881de23001b is gone",
        "commit <hex> is gone",
    ),
    Part(
        "state",
        r"(?i:\bsqlstate)\W{0,4}[0-9A-Za-z]{5}\b|\b\d{6} \([0-9A-Z]{5}\)"
        r"|\b(?:ORA|TNS|PLS|DPY|DPI|SQL|AADSTS|SCP)-?\d{3,7}\b|\bcurl: \(\d{1,3}\)"
        r"|\[(?:\d\d[0-9A-Z]{3}|HY[0-9A-Z]{3}|IM\d{3})\]"
        r"|'[^'\n]{0,60}status code', \d{3}\b",
        None,
        "002003 (42S02): ORA-12541",
        "002003 (42S02): ORA-12541",
    ),
    Part(
        "date",
        rf"(?<!\d)(?:19|20)\d\d[-/.](?:0?[1-9]|1[0-2])[-/.](?:0[1-9]|[12]\d|3[01]"
        rf"|[1-9])(?!\d)(?:[T ]{_CLOCK}{_ZONE})?"
        rf"|(?<!\d)\d{{1,2}}[./]\d{{1,2}}[./](?:19|20)\d\d(?!\d)(?: {_CLOCK})?"
        rf"|\b(?:(?:Mon|Tue|Wed|Thu|Fri|Sat"
        rf"|Sun)\w{{0,6}},? )?\d{{1,2}}[ -]{_MONTH}\w{{0,6}}[ -]\d{{4}}(?: {_CLOCK}{_ZONE})?"
        rf"|\b{_MONTH}\w{{0,6}} \d{{1,2}},? \d{{4}}\b"
        rf"|(?<![\d.:])\d\d:\d\d:\d\d(?:[.,]\d{{1,9}})?{_ZONE}(?![\d:])",
        "<date>",
        "nothing since 2026-11-01T04:00:00Z",
        "nothing since <date>",
    ),
    Part(
        "port",
        r"(?i:\bport)['\"]?[ :=]{0,3}\d{1,5}\b",
        None,
        "host='crm', port=8443",
        "host='crm', port=8443",
    ),
    Part(
        "code",
        r"\[Errno -?\d{1,5}\]"
        r"|(?i:(?<!\w)['\"]?(?:errno|http(?:/\d(?:\.\d)?)?(?: error)?|status(?:[ _]code)?"
        r"|exit(?:ed)?(?: with)?(?:[ _](?:code|status|value))?"
        r"|return(?:ed)?(?: code)|error code|code|signal))['\"]?(?: is| was)?[ :=,(\[]{0,3}-?\d{1,6}(?!\w"
        r"|\.\d)"
        r"|(?i:\berror)[ (]{1,2}\d{3,5}(?!\w|\.\d)"
        rf"|\A\(?[1-5]\d\d(?=\)|: | (?i:{HTTP_WORDS}))|\A\((?:\d{{3,6}}|[0-9A-Z]{{5}})(?=, |\))",
        None,
        "Bash command failed. The command returned a non-zero exit code 3.",
        "Bash command failed. The command returned a non-zero exit code 3.",
    ),
    Part(
        "duration",
        rf"(?<![A-Za-z0-9_.-])\d{{1,20}}(?:[.,]\d{{1,20}})? ?(?:{_UNIT}|{_SIZE})(?![A-Za-z0-9_])",
        "<amount>",
        "gave up after 31.5 seconds and 9.1 GB",
        "gave up after <amount> and <amount>",
    ),
    Part(
        "host",
        r"(?<![\w.-])[A-Za-z][\w-]{0,62}(?:(?:\.[\w-]{1,63}){1,8}:\d{1,5}|:(?:\d{4,5}|443|80|22|21))(?!\w"
        r"|:\w)"
        r"|(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?(?![\w.]\d)",
        str.lower,
        "could not connect to dwh-1.acme.example:5439",
        "could not connect to dwh-1.acme.example:5439",
    ),
    Part(
        "command",
        r"\bCommand '\[[^\]\n]{1,500}\]'",
        _command,
        "Command '['/usr/bin/dbt', 'run', '--vars', '{}']' returned non-zero exit status 2.",
        "Command /usr/bin/dbt run returned non-zero exit status 2.",
    ),
    Part(
        "pod",
        r"(?i:\bpods?) \\?[\"']?[a-z0-9.]{1,80}-[a-z0-9.-]{1,100}\\?[\"']?",
        "pod <name>",
        "Pod orders-load-7xk2p9qz returned a failure",
        "pod <name> returned a failure",
    ),
    Part(
        "named",
        rf"(?<!\w)['\"]?(?i:{_NAMING})['\"]?[ :=]{{0,3}}(?:'[^'\n]{{1,300}}'|\"[^\"\n]{{1,300}}\""
        rf"|`[^`\n]{{1,300}}`)(?!\w)",
        _named,
        "No module named 'geoip2'",
        "No module named 'geoip2'",
    ),
    Part(
        "quoted",
        r"(?<!\w)(?:'[^'\n]{0,300}'|\"[^\"\n]{0,300}\"|`[^`\n]{0,300}`|„[^“\n]{0,300}“"
        r"|«[^»\n]{0,300}»)(?!\w)",
        _quoted,
        "invalid input: 'forty'",
        "invalid input: <text>",
    ),
    Part(
        "path",
        r"(?<![\w.)/])/[\w.%@:=+~,/-]{1,500}(?:\?[^\s'\")]{0,500})?",
        _path,
        "no file /data/in/2026-11-01/orders.csv",
        "no file /data/in/<date>/orders.csv",
    ),
    Part("hex", r"\b0x[0-9a-fA-F]{1,40}\b", "<hex>", "object at 0x7f796478ca50", "object at <hex>"),
    Part(
        "truth",
        r"\b(?:True|False|true|false|None)\b",
        "<value>",
        "strict is True",
        "strict is <value>",
    ),
    Part(
        "run",
        r"\b(?:scheduled|manual|backfill|asset_triggered|asset_materialization|operator_triggered)__\S{4,80}",
        "<run>",
        "run scheduled__2026-11-20T00:00:00+00:00 failed",
        "run <run> failed",
    ),
    Part(
        "word",
        r"[A-Za-z_][A-Za-z0-9_.\-]{0,300}",
        _name,
        "relation orders_20261101 is gone",
        "relation orders_<date> is gone",
    ),
    Part(
        "number",
        r"[-+]?\d{1,40}(?:[.,]\d{1,40}){0,8}%?",
        "<number>",
        "12 rows, 3.5 % of them empty",
        "<number> rows, <number> % of them empty",
    ),
)

_SCANNER: Final = re.compile("|".join(f"(?P<{part.name}>{part.pattern})" for part in PARTS))
_REPLACE: Final = {part.name: part.replace for part in PARTS}


def _replaced(found: re.Match[str]) -> str:
    replace = _REPLACE[found.lastgroup or ""]
    if replace is None:
        return found.group()
    return replace if isinstance(replace, str) else replace(found.group())


_ANSI: Final = re.compile(r"\x1b\[[0-9;]{0,20}m")
# What libraries add for the reader: the statement, pointers to documentation, headers of an answer.
_CUT_FROM: Final = ("\n[SQL:", "\ndebug_error_string", "\n[parameters:")
_NOISE: Final = re.compile(
    r"\(Background on this error at: [^)\n]{0,200}\)|For (?:further|more) information,? (?:visit"
    r"|see) \S{1,300}"
    r"|(?:Learn more:|See) https?://\S{1,300}|^LINE \d{1,6}:.{0,500}$|^ {0,500}\^$"
    r"|^HTTP response headers:.{0,2000}$| ?\(reached max retries: \d{1,3}\)"
    r"|^connection failed: (?=connection )"
    r"|\t?Is the server running on that host and accepting TCP/IP connections\?",
    re.MULTILINE,
)
_POD_DUMP: Final = "remote_pod:"
_POD_FACTS: Final = re.compile(
    r"'(?:reason|message)': (?:'[^'\n]{1,300}'|\"[^\"\n]{1,300}\")|'exit_code': \d{1,3}"
)
# What a driver makes of a code and a sentence, as in "(1040, 'Too many connections')".
_CODE_AND_WORDS: Final = re.compile(
    r"\((?P<mark>['\"]?)(?P<code>\d{3,6}"
    r"|[0-9A-Z]{5})(?P=mark), b?(?P<quote>['\"])(?P<words>.{1,2000})(?P=quote)\)",
    re.DOTALL,
)
_ONLY_QUOTED: Final = re.compile(r"b?(?P<quote>['\"])(?P<words>.{1,2000})(?P=quote)", re.DOTALL)


def template(text: str) -> str:
    """Return ``text`` with its variable parts replaced, in one line.

    Hosts, ports, names, paths and codes stay. Lines that become equal are told once.
    """
    text = condensed(text)
    alone = _ONLY_QUOTED.fullmatch(text)
    if alone is not None and alone["quote"] not in alone["words"]:
        # all there is to say, as in "KeyError: 'amount'"
        if " " not in alone["words"]:
            return f"'{_name(alone['words'])}'"
        text = alone["words"]
    lines = dict.fromkeys(" ".join(_SCANNER.sub(_replaced, line).split()) for line in text.splitlines())
    return " ".join(line for line in lines if line)


def condensed(text: str) -> str:
    """Return a message cut to its bound, without what libraries add to it for the reader."""
    body, dump, pod = text[:_MAX_DUMP].partition(_POD_DUMP)
    body = _ANSI.sub("", body[:MAX_TEXT])
    if dump:
        # the dump of a whole pod: of it only what it says about the end
        body += "\n" + "\n".join(dict.fromkeys(_POD_FACTS.findall(pod)))
    for mark in _CUT_FROM:
        body = body.partition(mark)[0]
    body = _NOISE.sub("", body.strip()).strip()
    driver = _CODE_AND_WORDS.fullmatch(body)
    return f"({driver['code']}) {driver['words']}" if driver is not None else body


_PLACES: Final = re.compile(
    r"host='(?P<pool>[^'\n]{1,200})', port=(?P<pool_port>\d{1,5})"
    r"|(?P<url>(?<![A-Za-z0-9+.-])[A-Za-z][A-Za-z0-9+.-]{1,20}://[^\s'\"<>`,;)\]}]{1,1000})"
    r"|server (?:at"
    r"|on) ['\"](?P<server>[^'\"\n]{1,200})['\"](?: \([^)\n]{1,60}\))?(?:, port (?P<server_port>\d{1,5}))?"
    r"|\('(?P<pair>[\w.:-]{1,100})', (?P<pair_port>\d{1,5})\)"
    r"|(?<![\w.-])(?P<host>[A-Za-z0-9][\w-]{0,62}(?:\.[\w-]{1,63}){1,8}:\d{1,5}"
    r"|[A-Za-z][\w-]{0,62}:\d{4,5})(?!\w|:\w)"
)


def place_in(text: str) -> str | None:
    """Return the host and port, or the address, that a message names; None when it names none."""
    found = _PLACES.search(text[:MAX_TEXT])
    if found is None:
        return None
    if found["url"]:
        return _url(found["url"])
    for name in ("pool", "server", "pair"):
        if found[name]:
            port = found[f"{name}_port"]
            return (f"{found[name]}:{port}" if port else str(found[name])).lower()
    return str(found["host"]).lower()
