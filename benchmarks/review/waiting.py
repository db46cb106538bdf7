"""A database of PostgreSQL in which cases wait, and keys of people to work on them."""

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager

import psycopg

from benchmarks.review.scratch import scratch
from serving.access.keys import create_key
from serving.access.scopes import Role
from serving.db import Database

POSTGRES = os.environ.get(
    "KIEMTIN_TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/postgres"
)
_QUEUES = ["urgent", "scam", "abuse", "unreliable", "other"]

_POSTS = """
INSERT INTO posts (
  id, text, scores, recommendation, model_digest, policy_version, created_at, source,
  external_id, revision, origin, author, text_digest, language, flagged, reasons,
  posted_at, case_id
)
SELECT
  'post_' || lpad(to_hex(n), 32, '0'),
  'Trúng thưởng ' || n || ' triệu đồng, bấm vào đường dẫn và nhập mã OTP để nhận ngay',
  '{"unreliable": 0.3, "abusive": 0.02, "hate": 0.01, "scam": 0.9, "spam": 0.4}',
  'review', 'sha256:m', 'bundled-p', now() - n * interval '1 second', 'forum',
  n::text, '1', 'pipeline', md5((n %% 5000)::text), md5(n::text), 'vi', '["scam"]',
  '[{"label": "scam", "start": 0, "end": 12, "text": "Trúng thưởng", "weight": 0.4}]',
  now(), 'case_' || lpad(to_hex(n), 32, '0')
FROM generate_series(1, %(n)s) n
"""
_CASES = """
INSERT INTO cases (
  id, version, state, stage, queue, label, flagged, language, origin, origins, clocks,
  post_id, author, n_posts, n_reports, is_audit, priority, rank, chance, created_at,
  deadline_at, lease_token
)
SELECT
  'case_' || lpad(to_hex(n), 32, '0'), 1, 'open', 'first',
  (%(queues)s::text[])[1 + n %% %(n_queues)s], 'scam', '["scam"]', 'vi', 'pipeline',
  '{"pipeline": 1}', '{}', 'post_' || lpad(to_hex(n), 32, '0'), md5((n %% 5000)::text),
  1, 0, false, '{"probability": 0.9, "severity": 3, "spread": 1}', random() * 100,
  random(), now() - n * interval '1 second', now() + interval '1 day', 0
FROM generate_series(1, %(n)s) n
"""


@contextmanager
def waiting(n_cases: int) -> Iterator[str]:
    """Give the address of a new database in which *n_cases* are open, and drop it."""
    with scratch(POSTGRES) as (_, url):
        given = {"n": n_cases, "queues": _QUEUES, "n_queues": len(_QUEUES)}
        with psycopg.connect(url) as connection:
            connection.execute(_POSTS, given)
            connection.execute(_CASES, given)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")
        yield url


def make_reviewers(url: str, n: int) -> list[str]:
    """Return the keys of *n* people who work in all queues."""
    with closing(Database(url)) as database:
        return [
            create_key(database, name=f"reviewer-{x}", role=Role.REVIEWER).secret
            for x in range(n)
        ]
