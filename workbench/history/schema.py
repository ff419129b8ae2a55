"""The tables of `history.db`, version by version, as SQL text.

Only definitions; how and when they are applied is `migrations`.
"""

from __future__ import annotations

APPLICATION_ID = 0x42615253
"""`BaRS` in the header of every history file."""

_ERROR, _WARNING = "'fatal', 'error'", "'warning'"
_FINDINGS = (
    "{} = (SELECT count(*) FROM finding JOIN exchange ON exchange.id = finding.exchange"
    " WHERE exchange.conversation = conversation.id AND silenced = 0 AND severity IN ({}))"
)
COUNTED_FINDINGS = f"{_FINDINGS.format('errors', _ERROR)}, {_FINDINGS.format('warnings', _WARNING)}"
"""Sets the counts of a row of `conversation` from the findings of its legs."""

FACETS = (
    "(SELECT coalesce('|' || group_concat(facet, '|') || '|', '') FROM (SELECT DISTINCT facet FROM ("
    + " UNION ALL ".join(
        f"SELECT '{name}=' || replace({column}, '|', '/') AS facet FROM exchange"
        " WHERE exchange.conversation = conversation.id"
        for name, column in (
            ("event", "event"),
            ("use-case", "use_case"),
            ("service", "service"),
            ("status", "status"),
            ("environment", "environment"),
        )
    )
    + ") WHERE facet IS NOT NULL ORDER BY facet))"
)
"""Everything a row of `conversation` can be chosen by that stands in its legs: `|event=booking-request|status=200|`."""

VERSION_1: tuple[str, ...] = (
    """
    CREATE TABLE body (
        sha256 TEXT PRIMARY KEY,
        size INTEGER NOT NULL,
        data BLOB NOT NULL          -- zlib
    ) STRICT
    """,
    """
    CREATE TABLE exchange (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        direction TEXT NOT NULL,
        environment TEXT NOT NULL,
        operation TEXT NOT NULL,
        service TEXT, identity TEXT, key TEXT, draft TEXT, run TEXT, retry_of TEXT,
        attempt INTEGER NOT NULL,
        application INTEGER NOT NULL, application_version TEXT NOT NULL, core TEXT NOT NULL, api TEXT NOT NULL,
        method TEXT NOT NULL, url TEXT NOT NULL, http_version TEXT NOT NULL,
        request_headers TEXT NOT NULL, request_body TEXT NOT NULL REFERENCES body (sha256),
        peer TEXT,
        started TEXT NOT NULL,      -- UTC, always with microseconds, so that text sorts as time
        phases TEXT NOT NULL,
        status INTEGER, reason TEXT, response_headers TEXT,
        response_body TEXT REFERENCES body (sha256),
        failure TEXT, failure_code TEXT, failure_sentence TEXT, failure_next_step TEXT, failure_sent INTEGER,
        failure_received TEXT REFERENCES body (sha256),
        tls TEXT, peer_date TEXT,
        cuts TEXT NOT NULL,         -- where secrets stood and how long they were
        conversation TEXT,
        title TEXT, event TEXT, message_reason TEXT, use_case TEXT, patient_initials TEXT,
        request_facts TEXT, response_facts TEXT
    ) STRICT
    """,
    "CREATE INDEX exchange_conversation ON exchange (conversation, started, id)",
    "CREATE INDEX exchange_unindexed ON exchange (seq) WHERE conversation IS NULL",
    "CREATE INDEX exchange_in_flight ON exchange (seq) WHERE status IS NULL AND failure IS NULL",
    """
    CREATE TABLE correlation_key (
        kind TEXT NOT NULL, value TEXT NOT NULL,
        exchange TEXT NOT NULL REFERENCES exchange (id) ON DELETE CASCADE,
        PRIMARY KEY (kind, value, exchange)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX correlation_key_exchange ON correlation_key (exchange)",
    """
    CREATE TABLE link (
        child TEXT NOT NULL REFERENCES exchange (id) ON DELETE CASCADE,
        parent TEXT NOT NULL REFERENCES exchange (id) ON DELETE CASCADE,
        kind TEXT NOT NULL, strength TEXT NOT NULL, reason TEXT NOT NULL, made_by TEXT NOT NULL,
        PRIMARY KEY (child, parent)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX link_parent ON link (parent)",
    """
    CREATE TABLE conversation (
        id TEXT PRIMARY KEY REFERENCES exchange (id) ON DELETE CASCADE,
        title TEXT NOT NULL, sender TEXT NOT NULL, receiver TEXT NOT NULL,
        patient_initials TEXT, patient_sex TEXT, patient_age INTEGER,
        state TEXT NOT NULL, attention INTEGER NOT NULL, due TEXT, status_text TEXT NOT NULL,
        last_activity TEXT NOT NULL, messages INTEGER NOT NULL, environment TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX conversation_activity ON conversation (last_activity DESC, id DESC)",
    """
    CREATE TABLE verdict (
        exchange TEXT NOT NULL REFERENCES exchange (id) ON DELETE CASCADE,
        part TEXT NOT NULL,         -- request or response
        application INTEGER NOT NULL, application_version TEXT NOT NULL, core TEXT NOT NULL, api TEXT NOT NULL,
        rule_set TEXT NOT NULL, packages TEXT NOT NULL, not_checked TEXT NOT NULL, seconds REAL NOT NULL,
        PRIMARY KEY (exchange, part)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE finding (
        exchange TEXT NOT NULL, part TEXT NOT NULL, position INTEGER NOT NULL,
        rule TEXT NOT NULL, severity TEXT NOT NULL, layer TEXT NOT NULL, path TEXT NOT NULL, text TEXT NOT NULL,
        document TEXT NOT NULL, section TEXT NOT NULL, resource TEXT NOT NULL,
        line INTEGER, column_number INTEGER, offset INTEGER,
        fix TEXT,
        PRIMARY KEY (exchange, part, position),
        FOREIGN KEY (exchange, part) REFERENCES verdict (exchange, part) ON DELETE CASCADE
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE draft (
        id TEXT PRIMARY KEY, title TEXT NOT NULL, updated TEXT NOT NULL, data TEXT NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE state_item (
        owner TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, data TEXT NOT NULL,
        PRIMARY KEY (owner, kind, id)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE ledger (
        request_id TEXT NOT NULL, correlation_id TEXT NOT NULL, state TEXT NOT NULL,
        PRIMARY KEY (request_id, correlation_id)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE run (
        id TEXT PRIMARY KEY, scenario TEXT NOT NULL, started TEXT NOT NULL, passed INTEGER, data TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX run_started ON run (started DESC, id)",
)

VERSION_2: tuple[str, ...] = (
    # what came in since a person last looked; what an earlier version stored counts as seen
    "ALTER TABLE exchange ADD COLUMN unseen INTEGER NOT NULL DEFAULT 0",
    "CREATE INDEX exchange_unseen ON exchange (conversation) WHERE unseen = 1",
    """
    CREATE TABLE conversation_mark (    -- what a person says of a conversation, kept with one of its legs
        exchange TEXT PRIMARY KEY REFERENCES exchange (id) ON DELETE CASCADE,
        pinned INTEGER NOT NULL, note TEXT NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE by_hand (              -- legs whose place a person chose: what the engine finds joins them to nothing
        exchange TEXT PRIMARY KEY REFERENCES exchange (id) ON DELETE CASCADE
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX link_by_hand ON link (child) WHERE made_by = 'person'",
    "ALTER TABLE finding ADD COLUMN silenced INTEGER NOT NULL DEFAULT 0",
    # computed from the legs, their marks and their findings
    "ALTER TABLE conversation ADD COLUMN pinned INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE conversation ADD COLUMN note TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE conversation ADD COLUMN unread INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE conversation ADD COLUMN conflicts INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE conversation ADD COLUMN errors INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE conversation ADD COLUMN warnings INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE conversation ADD COLUMN facets TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE conversation ADD COLUMN since TEXT",
    f"UPDATE conversation SET {COUNTED_FINDINGS}",
    f"UPDATE conversation SET facets = {FACETS}",
    "DROP INDEX conversation_activity",
    "CREATE INDEX conversation_order ON conversation (pinned DESC, last_activity DESC, id DESC)",
)

VERSION_3: tuple[str, ...] = (
    # which rule gave an answer of ours, and what was odd about the call
    "ALTER TABLE exchange ADD COLUMN answered_by TEXT",
    "ALTER TABLE exchange ADD COLUMN remark TEXT",
)

_DUE = "INSERT INTO search_due (seq, change) {} ON CONFLICT (seq) DO UPDATE SET change = change + 1"
_DUE_ROW = _DUE.format("VALUES (new.seq, 0)")
_DUE_OF = _DUE.format("SELECT seq, 0 FROM exchange WHERE id = {}.exchange")

SEARCH_TABLE = (
    "CREATE VIRTUAL TABLE search USING fts5 (words, content = '', detail = none, columnsize = 0,"
    " prefix = '1 2 3', tokenize = \"ascii tokenchars '-_./='\")"
)
"""A bag of words that `words` has made: no text, no places; one exchange is one row of it."""

VERSION_4: tuple[str, ...] = (
    """
    CREATE TABLE search_due (           -- exchanges that the search index does not know as they are now
        seq INTEGER PRIMARY KEY, change INTEGER NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE search_words (         -- what stands in the index of an exchange, to take it out again
        seq INTEGER PRIMARY KEY,
        words BLOB NOT NULL             -- zlib
    ) STRICT
    """,
    SEARCH_TABLE,
    f"CREATE TRIGGER due_recorded AFTER INSERT ON exchange BEGIN {_DUE_ROW}; END",
    f"CREATE TRIGGER due_answered AFTER UPDATE OF status, failure, title ON exchange BEGIN {_DUE_ROW}; END",
    f"CREATE TRIGGER due_judged AFTER INSERT ON verdict BEGIN {_DUE_OF.format('new')}; END",
    f"CREATE TRIGGER due_noted AFTER INSERT ON conversation_mark BEGIN {_DUE_OF.format('new')}; END",
    f"CREATE TRIGGER due_noted_anew AFTER UPDATE ON conversation_mark BEGIN {_DUE_OF.format('new')}; END",
    f"CREATE TRIGGER due_unnoted AFTER DELETE ON conversation_mark BEGIN {_DUE_OF.format('old')}; END",
    "INSERT INTO search_due (seq, change) SELECT seq, 0 FROM exchange",
    """
    CREATE TABLE to_judge (             -- messages without a verdict, found without looking at all that have one
        seq INTEGER PRIMARY KEY
    ) STRICT
    """,
    "INSERT INTO to_judge SELECT seq FROM exchange WHERE operation = 'process-message'"
    " AND NOT EXISTS (SELECT 1 FROM verdict WHERE exchange = exchange.id)",
    "CREATE TRIGGER judge_recorded AFTER INSERT ON exchange WHEN new.operation = 'process-message'"
    " BEGIN INSERT OR IGNORE INTO to_judge (seq) VALUES (new.seq); END",
    "CREATE TRIGGER judge_judged AFTER INSERT ON verdict"
    " BEGIN DELETE FROM to_judge WHERE seq = (SELECT seq FROM exchange WHERE id = new.exchange); END",
    "CREATE TRIGGER judge_gone AFTER DELETE ON exchange BEGIN DELETE FROM to_judge WHERE seq = old.seq; END",
    # where a hit belongs, without its row, which is long
    "CREATE INDEX exchange_place ON exchange (seq, conversation, started)",
    "CREATE INDEX exchange_started ON exchange (started)",
    # which exchanges share a body
    "CREATE INDEX exchange_request_body ON exchange (request_body)",
    "CREATE INDEX exchange_response_body ON exchange (response_body) WHERE response_body IS NOT NULL",
    "CREATE INDEX exchange_failure_received ON exchange (failure_received) WHERE failure_received IS NOT NULL",
    """
    CREATE TABLE locked (               -- conversations that nothing deletes, each kept with one of its legs
        exchange TEXT PRIMARY KEY REFERENCES exchange (id) ON DELETE CASCADE
    ) STRICT, WITHOUT ROWID
    """,
)

VERSION_5: tuple[str, ...] = (
    # by how much a sign-in was dated otherwise than by this machine's clock; null where it was not
    "ALTER TABLE exchange ADD COLUMN dated_by_s REAL",
)

VERSION_6: tuple[str, ...] = (
    # rows follow each other as they come: sorted by their random ids each of them changed three pages
    """
    CREATE TABLE state_kept (
        seq INTEGER PRIMARY KEY,
        owner TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, data TEXT NOT NULL,
        UNIQUE (owner, kind, id)
    ) STRICT
    """,
    "INSERT INTO state_kept (owner, kind, id, data) SELECT owner, kind, id, data FROM state_item",
    "DROP TABLE state_item",
    "ALTER TABLE state_kept RENAME TO state_item",
)
