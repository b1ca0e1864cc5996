"""What kind of failure an error looks like, told by a table of rules, always with the line that made it decide.

The rules are tried on the innermost exception first, then outwards: a precise rule on any exception of a chain
comes before a guess from a type alone. Patterns are tried on a bounded part of a message.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, Protocol

from windsock.health.frames import FrameFacts
from windsock.health.model import ErrorClass
from windsock.health.templating import HTTP_WORDS, condensed

INFRASTRUCTURE: Final = ErrorClass.INFRASTRUCTURE
DEPENDENCY: Final = ErrorClass.DEPENDENCY
DATA: Final = ErrorClass.DATA
CODE: Final = ErrorClass.CODE
TIMEOUT: Final = ErrorClass.TIMEOUT
KILLED: Final = ErrorClass.KILLED

MAX_MESSAGE: Final = 1_000
MAX_EVIDENCE: Final = 300
MAX_CHAIN: Final = 20
_MAX_MEMBERS: Final = 20
_MAX_DEPTH: Final = 5


_EXIT: Final = r"(?:exit(?:ed)?(?: with)?[ _](?:code|status)['\"]?(?: is)?[ :=]{0,3}|error code is: )"
_STATUS: Final = r"(?:\A\(?|HTTP (?:Error )?|status(?:[ _]code)?['\"]?\W{1,4})"
_STATUS_END: Final = rf"(?=\)|:|,|$| {HTTP_WORDS})"
"""An HTTP status where it is one, and no count that begins a message."""


class CalledFrame(FrameFacts, Protocol):
    """One frame of a traceback with the function it is in."""

    @property
    def function(self) -> str | None: ...


class ExceptionFacts(Protocol):
    """One exception of a chain."""

    @property
    def type(self) -> str:
        """With or without the module before it."""

    @property
    def message(self) -> str: ...

    @property
    def frames(self) -> Sequence[CalledFrame]:
        """Outermost first."""

    @property
    def is_cause(self) -> bool:
        """True when the exception before it in the chain was raised ``from`` this one; False when that one was
        raised while this one was being handled."""

    @property
    def members(self) -> Sequence[Sequence[ExceptionFacts]]:
        """Of an exception group: one chain per member."""


@dataclass(frozen=True, slots=True)
class LoggedFailure:
    """What the log of a failed try says about its end."""

    chain: Sequence[ExceptionFacts] = ()
    """The exception that was raised first, the innermost last; empty when there was none."""
    deciding_line: str | None = None
    """Where there is no exception, or only that of an operator that ran a program: the line that says why."""
    in_output: bool = False
    """Whether the deciding line stands in the output of a program that the operator ran, so that the
    exception is a wrapper."""


@dataclass(frozen=True, slots=True)
class Classification:
    """The class of an error and why."""

    error_class: ErrorClass
    evidence: str
    """The line that made it decide; for the class unknown the line that nothing was known about."""
    decided_by: int | None = None
    """Which exception of the unfolded chain it was, 0 the innermost; None when it was a line, or nothing."""


class Rule(NamedTuple):
    """One row: all that is given must hold."""

    error_class: ErrorClass
    example: str
    """A line, as ``Type: message``, that this row is the first to decide."""
    pattern: str | None = None
    """Searched in the message and in the type, or in the line, whatever the case of letters."""
    types: str | None = None
    """Matches the whole type, without its module."""
    file: str | None = None
    """Searched in the files of the exception's frames."""


# Precise rules, in this order. What the machine did to a process comes first, then the words that other rows
# would take for something else.
RULES: Final[tuple[Rule, ...]] = (
    Rule(
        KILLED,
        "Bash command failed. The command returned a non-zero exit code 137.",
        rf"{_EXIT}(?:137|139|134|143|-(?:6|9|11|15))\b",
    ),
    Rule(
        KILLED,
        "AirflowException: Pod returned a failure. 'reason': 'OOMKilled'",
        r"OOM ?Killed|out of memory|java heap space|GC overhead limit|cannot allocate memory"
        r"|unable to allocate \S{1,40} ?[KMGT]i?B"
        r"|exceeding (?:physical|virtual) memory|memory limit exceeded",
    ),
    Rule(KILLED, "MemoryError: 8 GiB", types="MemoryError|OutOfMemoryError|ArrowMemoryError"),
    Rule(
        KILLED,
        "Process terminated by signal. (SIGTERM)",
        r"\bSIG(?:KILL|TERM|SEGV|ABRT|INT|BUS|QUIT|HUP)\b|terminated by signal|segmentation fault|core dumped"
        r"|\bKilled {2,}|: Killed$|received signal \d",
    ),
    Rule(
        KILLED,
        "WorkerLostError: Worker exited prematurely",
        r"ExecutorLostFailure|heartbeat timeout|(?:did not emit|lost|missed|no) heartbeat"
        r"|worker exited prematurely|\bEvicted\b"
        r"|preempted|node (?:was )?(?:lost|gone|not ready|shut ?down)|container (?:was )?killed",
    ),
    Rule(
        KILLED,
        "AirflowTaskTerminated: Task was terminated",
        types="AirflowTaskTerminated|WorkerLostError|BrokenProcessPool",
    ),
    # what refuses is no timeout, though a library may call it one after some tries
    Rule(
        INFRASTRUCTURE,
        "ServerSelectionTimeoutError: mongo-1:27017: [Errno 111] Connection refused",
        r"connection refused|ECONNREFUSED|no route to host|network is unreachable|name or service not known",
    ),
    # time
    Rule(TIMEOUT, "TimeoutError: QueuePool limit of size 5 overflow 10 reached", r"QueuePool limit of size"),
    Rule(
        INFRASTRUCTURE,
        "ConnectTimeout: connection to dwh-1:5439 timed out",
        r"connect(?:ion)? (?:to .{1,120} )?timed out|connect timeout|ETIMEDOUT|\[Errno 110\]",
    ),
    Rule(INFRASTRUCTURE, "ConnectTimeout: no answer", types="ConnectTimeout(?:Error)?|ConnectionTimeout"),
    Rule(
        TIMEOUT,
        "AirflowTaskTimeout: Timeout, PID: 4711",
        types=r"(?:\w{0,60}Timeout(?:Error|Exception|Expired)?|TimeoutExpired|DeadlineExceeded"
        r"|TaskDeferralTimeout)",
    ),
    Rule(
        TIMEOUT,
        "QueryCanceled: canceling statement due to statement timeout",
        r"timed[ -]?out|(?:statement|lock|read|write|execution|request|gateway|socket) time-?out"
        r"|time-?out (?:expired|exceeded|reached|after)"
        r"|deadline.{0,60} exceeded|exceeds the specified timeout|time limit (?:exceeded|reached)"
        r"|took too long|did not (?:finish|complete) within",
    ),
    Rule(
        TIMEOUT,
        "HTTPError: 504 Server Error: http://a",
        rf"{_STATUS}(?:408|504){_STATUS_END}",
    ),
    Rule(
        TIMEOUT,
        "RuntimeError: Zeitüberschreitung nach 31 Sekunden",
        r"Zeitüberschreitung|délai d.attente|tiempo de espera agotado|время ожидания истекло|тайм-?аут|超时"
        r"|逾時|タイムアウト|시간 초과"
        r"|انتهت (?:ال)?مهلة",
    ),
    Rule(
        TIMEOUT,
        "Bash command failed. The command returned a non-zero exit code 124.",
        rf"{_EXIT}124\b",
    ),
    # packages, connections, variables
    Rule(
        DEPENDENCY,
        "ModuleNotFoundError: No module named 'geoip2'",
        types="ModuleNotFoundError|ImportError|DistributionNotFound|VersionConflict|ResolutionImpossible"
        "|PackageNotFoundError",
    ),
    Rule(
        DEPENDENCY,
        "script: line 3: rclone: command not found",
        r"no module named|cannot import name|command not found|sh: \d{1,6}: \S{1,200}: not found$"
        r"|ClassNotFoundException"
        r"|NoClassDefFoundError|NoSuchMethodError"
        r"|no matching distribution|could not find a version that satisfies|conflicting dependencies"
        r"|has requirement .{1,100} but you"
        r"|requires .{1,100} but you have|cannot open shared object file|incompatible (?:version|library)"
        r"|GLIBC_",
    ),
    Rule(
        DEPENDENCY,
        "AirflowNotFoundException: The conn_id `sftp_partner` isn't defined",
        r"conn_id .{1,250} isn.t defined|connection .{1,250} (?:is not|isn.t) defined|(?:VARIABLE"
        r"|CONNECTION)_NOT_FOUND|(?:variable|dag|task) \S{1,250} does not exist"
        r"|unable to locate credentials|could not automatically determine credentials"
        r"|no provider .{0,60}(?:installed|found)",
    ),
    Rule(
        DEPENDENCY,
        "NoCredentialsError: none",
        types="NoCredentialsError|DefaultCredentialsError|AirflowNotFoundException"
        "|AirflowOptionalProviderFeatureException",
    ),
    Rule(
        DEPENDENCY,
        'exec: "dbt": executable file not found in $PATH',
        r"executable file not found|No such file or directory: '(?:/\S{0,200}bin/)?(?:python|java|bash|dbt"
        r"|spark-submit)\S{0,20}'",
    ),
    # content, before words that also mean a service
    Rule(
        DATA,
        "ProgrammingError: Object 'MART.ORDERS' does not exist or not authorized.",
        r"\b(?:object|table|view|relation|column|schema|partition|field)\W.{0,200}(?:does not exist"
        r"|cannot be found|was not found|is missing|not found)"
        r"|TABLE_OR_VIEW_NOT_FOUND|UNRESOLVED_COLUMN|no such (?:table|column)|unknown column|(?:invalid"
        r"|missing) column",
    ),
    Rule(
        DATA,
        "Got 12 results, configured to fail if != 0",
        r"configured to fail if|failure in test |data quality|expectation .{0,60}(?:failed|not met)"
        r"|rows? loaded, expected|expected at least \d|expected \d{1,9} (?:fields|columns|rows|values)"
        r"|not in index|invalid object name"
        r"|\bno (?:new )?(?:rows|data|records|files?) (?:for|found|in|were|available)"
        r"|schema (?:mismatch|validation|does not match|evolution)|(?:columns?|fields?) .{0,80}\b(?:is"
        r"|are) missing|missing (?:columns?|fields?)|contract(?:error|violation| (?:violated|broken|failed"
        r"|breach))",
    ),
    Rule(
        DATA,
        "UniqueViolation: duplicate key value violates unique constraint",
        r"duplicate (?:key|entry)|violates .{0,40}constraint|cannot be null|out of range for type"
        r"|value too long for type|invalid input syntax"
        r"|data truncat|numeric value .{1,200} is not recognized|cannot (?:parse|cast|convert)"
        r"|could not convert|failed to parse|invalid literal for",
    ),
    Rule(
        DATA,
        "JSONDecodeError: Expecting value: line 1 column 1 (char 0)",
        types=r"JSONDecodeError|UnicodeDecodeError|UnicodeEncodeError|ParserError|EmptyDataError"
        r"|ValidationError|ValidationException|SchemaError|SchemaErrors"
        r"|Arrow\w{1,40}|BadZipFile|BadGzipFile|DataError|IntegrityError|NotNullViolation|UniqueViolation"
        r"|ForeignKeyViolation|CheckViolation"
        r"|InvalidTextRepresentation|UndefinedTable|UndefinedColumn|NumericValueOutOfRange"
        r"|StringDataRightTruncation|InvalidDatetimeFormat"
        r"|XMLSyntaxError|ParseError|OutOfBoundsDatetime|MergeError|CastError|AnalysisException"
        r"|ColumnNotFoundError|ComputeError|InvalidOperation",
    ),
    Rule(
        DATA,
        "FileNotFoundError: /data/in/orders.csv",
        types="FileNotFoundError|IsADirectoryError|NotADirectoryError|FileExistsError|NoSuchKey|NotFound"
        "|ResourceNotFoundError|XComNotFound",
    ),
    Rule(
        DATA,
        "ClientError: An error occurred (NoSuchKey) when calling the GetObject operation",
        r"NoSuchKey|key does not exist|no such file or directory|file not found|path does not exist"
        r"|not a zip file|magic bytes|Datei nicht gefunden|файл не найден|文件不存在"
        r"|fichier introuvable|archivo no encontrado|الملف غير موجود|ファイルが見つかりません",
    ),
    Rule(
        CODE,
        "Compilation Error in model dim_users: 'surrogate_key' is undefined",
        r"compilation error in|syntax error(?: at|:|,)|error in your SQL syntax|ParseException"
        r"|PARSE_SYNTAX_ERROR",
    ),
    Rule(
        DATA,
        "HTTPError: 404 Client Error: Not Found for url: http://a",
        rf"{_STATUS}(?:400|404|409|410|422){_STATUS_END}",
    ),
    Rule(
        DATA,
        "KeyError: 'amount'",
        types="KeyError|IndexError|ValueError",
        file=r"/(?:pandas|pyarrow|polars|openpyxl|fastavro)/|(?:^|/)pandas/_libs|pyarrow/\w{1,20}\.pxi",
    ),
    # the user's own fault, before words that also mean a service
    Rule(
        CODE,
        "SyntaxError: invalid syntax",
        types="SyntaxError|IndentationError|TabError|UndefinedError|TemplateSyntaxError|TemplateNotFound"
        "|TemplateRuntimeError|UndefinedFunction|PydanticUserError|AirflowDagCycleException",
    ),
    # networks, hosts, stores, services, quotas
    Rule(
        INFRASTRUCTURE,
        "ConnectionResetError: Connection reset by peer",
        r"connection (?:was |has been )?(?:unexpectedly )?(?:refused|reset|aborted|closed|lost|broken"
        r"|dropped)|(?:could not|couldn.t"
        r"|can.?not|can.t|unable to|failed to|error) (?:establish a new )?connect(?:ion|ing)?\b"
        r"|connect call failed|failed to establish|no route to host|(?:network|host) is (?:unreachable"
        r"|down)|broken pipe|(?:server|remote end|peer) closed"
        r"|ORA-(?:12\d{3}|0311[34]|0103[34])|TNS:|closed the connection|terminating connection"
        r"|already closed|unexpected EOF|max retries exceeded"
        r"|EOF occurred",
    ),
    Rule(
        INFRASTRUCTURE,
        "gaierror: [Errno 8] nodename nor servname provided",
        r"name or service not known|name resolution|failed to resolve|could not translate host name"
        r"|could not resolve host|getaddrinfo|nodename nor servname|NXDOMAIN|ENOTFOUND|no such host"
        r"|unknown host",
    ),
    Rule(
        INFRASTRUCTURE,
        'OperationalError: FATAL: database "sales_eu" does not exist',
        r"(?:(?:database|role|user) \"[^\"]{1,200}\"|(?:bucket|warehouse|cluster|queue"
        r"|topic) (?:.{1,200} )?)\s?does not exist"
        r"|NoSuchBucket|no active warehouse|warehouse .{1,200} (?:suspended|cannot be resumed)"
        r"|too many (?:connections|clients)|remaining connection slots|no pg_hba|starting up|shutting down"
        r"|recovery mode|read-only (?:file system|transaction)",
    ),
    Rule(
        INFRASTRUCTURE,
        "PermissionError: [Errno 13] Permission denied: '/mnt/secure/a.csv'",
        r"permission.{0,10} denied|access.{0,3} ?denied|unauthori[sz]ed|not authori[sz]ed|forbidden"
        r"|authentication (?:failed|error)|invalid credentials|(?:token|certificate|password"
        r"|credentials?) .{0,20}(?:expired|invalid)"
        r"|expired ?token|log[io]n (?:failed|denied|incorrect)|security token|InvalidClientTokenId"
        r"|SignatureDoesNotMatch|InvalidAccessKeyId|host key verification|certificate verify failed"
        r"|SSL(?:Error|:)|handshake|insufficient privilege",
    ),
    Rule(
        INFRASTRUCTURE,
        "ThrottlingException: Rate exceeded",
        r"throttl|rate ?(?:limit|exceeded)|too many requests|\bquotas?\b|limit exceeded|\bslow ?down\b"
        r"|capacity (?:exceeded|reached)|insufficient (?:\w{0,20}capacity|cpu|memory|resources)"
        r"|resource[_ ]exhausted",
    ),
    Rule(
        INFRASTRUCTURE,
        "OSError: [Errno 28] No space left on device",
        r"no space left|disk (?:is )?full|disk quota|input/output error|\[Errno (?:5|28|30|101|104|111"
        r"|113)\]|stale file handle|too many open files",
    ),
    Rule(
        INFRASTRUCTURE,
        "HTTPError: 503 Server Error: Service Unavailable for url: http://a",
        rf"{_STATUS}(?:401|402|403|407|429|5\d\d){_STATUS_END}"
        r"|service (?:is )?(?:currently )?unavailable|bad gateway|internal server error"
        r"|API_SERVER_ERROR|temporarily unavailable|503 service",
    ),
    Rule(
        INFRASTRUCTURE,
        "PodFailed: ImagePullBackOff",
        r"ImagePull(?:BackOff)?|ErrImage|CrashLoopBackOff|CreateContainer|FailedScheduling|Unschedulable"
        r"|nodes? are available",
    ),
    Rule(
        INFRASTRUCTURE,
        "ConnectionError: 无法连接: 连接被拒绝",
        r"连接被?拒绝|拒绝连接|无法连接|無法連線|接続(?:が|を)拒否|接続できません|연결이? ?거부|Verbindung(?:saufbau"
        r"|sversuch)? .{0,40}(?:abgelehnt|verweigert|fehlgeschlagen)|keine Verbindung"
        r"|connexion refusée|conexión rechazada|conexão recusada|connessione rifiutata"
        r"|соединени\w{1,3} отказано|в соединении отказано|не удалось подключиться|تم رفض الاتصال"
        r"|bağlantı reddedildi",
    ),
    Rule(
        INFRASTRUCTURE,
        "DeadlockDetected: deadlock detected",
        r"deadlock detected|deadlock found|lock wait|could not serialize access|serialization failure",
    ),
    Rule(
        INFRASTRUCTURE,
        "ConnectionRefusedError: no",
        types=r"Connection\w{0,40}Error|Connect\w{0,20}Exception|ConnectionError|NewConnectionError"
        r"|MaxRetryError|ProxyError|SSLError|gaierror|herror|BrokenPipeError|EndpointConnectionError"
        r"|NameResolutionError"
        r"|PermissionError|InsufficientPrivilege|RemoteDisconnected|ProtocolError|ChunkedEncodingError"
        r"|ServiceUnavailable|InternalServerError|TooManyRequests|Forbidden|Unauthorized|Unauthenticated"
        r"|PermissionDenied|AdminShutdown|TooManyConnections|CannotConnectNow"
        r"|NoBrokersAvailable|AirflowSecretsBackendAccessDenied|SSHException|AuthenticationException"
        r"|NoValidConnectionsError"
        r"|IncompleteRead",
    ),
)

# Guesses from a type alone, tried only when no precise rule fits anywhere.
GUESSES: Final[tuple[Rule, ...]] = (
    Rule(
        INFRASTRUCTURE,
        "OperationalError: server went away",
        types="OperationalError|InterfaceError|TransportError",
    ),
    Rule(
        CODE,
        "TypeError: unsupported operand type(s)",
        types="TypeError|AttributeError|NameError|UnboundLocalError|IndexError|KeyError|ZeroDivisionError"
        "|AssertionError|RecursionError|NotImplementedError|StopIteration|LookupError"
        "|ArithmeticError|OverflowError|ParamValidationError|DuplicateTaskIdFound|TaskNotFound",
    ),
    Rule(
        DATA,
        "ValueError: 17 行目: 金額がありません",
        types="ValueError|UnicodeError|ProgrammingError|DatabaseError|XComForMappingNotPushed"
        "|UnmappableXComTypePushed",
    ),
)


class _Compiled(NamedTuple):
    rule: Rule
    pattern: re.Pattern[str] | None
    types: re.Pattern[str] | None
    file: re.Pattern[str] | None


# A search in text made lower case beforehand takes a third of the time of one that ignores the case.
_ESCAPED: Final = re.compile(r"(\\.)|[^\\]+")


def _lower(found: re.Match[str]) -> str:
    return found[1] or found[0].lower()


def _compile(rules: Sequence[Rule]) -> tuple[_Compiled, ...]:
    return tuple(
        _Compiled(
            rule,
            re.compile(_ESCAPED.sub(_lower, rule.pattern), re.MULTILINE) if rule.pattern else None,
            re.compile(rule.types) if rule.types else None,
            re.compile(rule.file) if rule.file else None,
        )
        for rule in rules
    )


_RULES: Final = _compile(RULES)
_GUESSES: Final = _compile(GUESSES)


class Said(NamedTuple):
    """An exception, or a line, as the rules see it."""

    type: str
    message: str
    files: tuple[str, ...] = ()

    @property
    def line(self) -> str:
        """In one line, to be shown."""
        first = next((line.strip() for line in self.message[:MAX_MESSAGE].splitlines() if line.strip()), "")
        return (f"{self.type}: {first}" if self.type and first else self.type or first)[:MAX_EVIDENCE]


_TYPED: Final = re.compile(
    r"(?P<type>(?:[A-Za-z_]\w{0,60}\.){0,8}[A-Z]\w{1,80}(?:Error|Exception|Failure|Timeout|Expired"
    r"|Violation)): (?P<message>.{1,2000})",
    re.DOTALL,
)


def short_type(exception_type: str) -> str:
    """A type without the module before it: a printed traceback has it, Airflow's own lines have not."""
    return exception_type[:500].rpartition(".")[2] or exception_type[:500]


def said_in(line: str) -> Said:
    """Read a line of output; where it begins with the type of an exception, that is taken for one."""
    found = _TYPED.match(line[:MAX_MESSAGE])
    return Said(short_type(found["type"]), found["message"]) if found else Said("", line)


def unfolded(chain: Sequence[ExceptionFacts], depth: int = 0) -> list[ExceptionFacts]:
    """Return the exceptions of a chain, the innermost first; of a group, those of one member before the group.

    Members of a group come in no order that means anything: the one that sorts first stands for all.
    """
    found: list[ExceptionFacts] = []
    links = chain if len(chain) <= MAX_CHAIN else [*chain[: MAX_CHAIN // 2], *chain[-MAX_CHAIN // 2 :]]
    for exception in reversed(links):
        members = [member for member in exception.members[:_MAX_MEMBERS] if member]
        if members and depth < _MAX_DEPTH:
            first = min(members, key=lambda member: (member[-1].type, member[-1].message[:MAX_MESSAGE]))
            found += unfolded(first, depth + 1)
        found.append(exception)
    return found


def _said_by(exception: ExceptionFacts) -> Said:
    return Said(
        short_type(exception.type),
        exception.message,
        tuple(frame.file for frame in exception.frames[-50:]),
    )


def classify(failure: LoggedFailure) -> Classification:
    """Return the class of a failure with the line that made it decide."""
    chain = unfolded(failure.chain)
    candidates: list[tuple[int | None, Said]] = [(at, _said_by(link)) for at, link in enumerate(chain)]
    if failure.deciding_line and (failure.in_output or not chain):
        # what a program said is nearer to the cause than the operator that ran it
        candidates.insert(0, (None, said_in(failure.deciding_line)))
    for rules in (_RULES, _GUESSES):
        for position, said in candidates:
            decided = _first(rules, said)
            if decided is not None:
                return Classification(decided.error_class, said.line, position)
    return Classification(ErrorClass.UNKNOWN, candidates[0][1].line if candidates else "")


def deciding_rule(said: Said) -> Rule | None:
    """Return the rule that decides for a single exception or line."""
    return _first(_RULES, said) or _first(_GUESSES, said)


def classify_line(line: str) -> Classification:
    """Return the class of a single line."""
    return classify(LoggedFailure(deciding_line=line))


def _first(rules: Sequence[_Compiled], said: Said) -> Rule | None:
    message = condensed(said.message)[:MAX_MESSAGE].lower()
    exception_type = said.type.lower()
    for rule, pattern, types, file in rules:
        if pattern is not None and not (pattern.search(message) or pattern.search(exception_type)):
            continue
        if types is not None and types.fullmatch(said.type) is None:
            continue
        if file is not None and not any(file.search(path[-MAX_MESSAGE:]) for path in said.files):
            continue
        return rule
    return None
