"""The tables of `history.db`, version by version, as SQL text.

Only definitions; how and when they are applied is `migrations`.
"""

from __future__ import annotations

APPLICATION_ID = 0x42615253
"""`BaRS` in the header of every history file."""

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
