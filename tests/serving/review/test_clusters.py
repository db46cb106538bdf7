"""Copies find their cluster, in a batch and later, within the caps, never in chains."""

import random
import threading
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from serving.db import Database
from serving.db.clusters import MOST_OF_A_BAND, Clusters, StoredCluster
from serving.review.clusters import Cluster, Grouping, Print, forget
from serving.review.drafts import Accepted
from serving.review.ingest import ingest
from serving.review.outcomes import Origin
from serving.review.policy import ClusterTerms
from tests.fixtures.arriving import (
    BENIGN,
    KEYED,
    NOW,
    POLICY,
    SCAM,
    TEXT,
    Door,
    draft,
    never,
)

OTHER = "Chúc cả nhà một ngày cuối tuần thật vui vẻ và nhiều sức khoẻ bên gia đình"
TERMS = ClusterTerms(most_posts=500, most_days=30)
KINDS = [
    TEXT,
    OTHER,
    "Bán nhà riêng ngõ rộng ô tô vào tận nơi giá rẻ cho người thiện chí",
]
SHORT = ["chào cả nhà", "ngon quá", "đi ngủ thôi mọi người ơi"]


@pytest.fixture
def door(database: Database) -> Door:
    """A way into an empty database of each kind."""
    database.migrate()
    return Door(database)


def _clusters(door: Door) -> list[int]:
    return [x["n_posts"] for x in door.rows("SELECT n_posts FROM clusters ORDER BY id")]


def test_a_copy_joins_the_case(door: Door) -> None:
    """The second copy, also with another number, is of the first one's case."""
    first = door.send(draft(f"{TEXT} 0912345678"))
    second = door.send(draft(f"{TEXT.upper()} 0387654321"))

    assert (first.opened, second.opened) == (True, False)
    assert first.case_id == second.case_id
    assert _clusters(door) == [2]


def test_copies_within_one_batch_join(door: Door) -> None:
    """Copies need not be written to find one another."""
    results = door.send_all([draft(TEXT), draft(OTHER), draft(TEXT + " nhé")])

    cases = [x.case_id for x in results if isinstance(x, Accepted)]
    assert cases[0] == cases[2] != cases[1]
    assert _clusters(door) == [2, 1]


def test_no_chains(door: Door) -> None:
    """Only the first post of a cluster is compared: who is like a copy is no copy."""
    words = TEXT.split()
    near = " ".join([*words[:-2], "hôm", "nay"])
    far = " ".join(["Kính", "gửi", *words[2:-2], "hôm", "nay"])

    cases = [door.send(draft(x)).case_id for x in (TEXT, near, far)]

    assert cases[0] == cases[1] != cases[2]


def test_as_many_posts_as_the_cap(door: Door) -> None:
    """What comes after the cap is looked at again."""
    terms = POLICY.cluster.model_copy(update={"most_posts": 3})
    door.policy = POLICY.model_copy(update={"cluster": terms})

    cases = [door.send(draft(TEXT)).case_id for _ in range(7)]

    assert [cases.count(x) for x in dict.fromkeys(cases)] == [3, 3, 1]


def test_the_same_words_months_later_are_another_story(door: Door) -> None:
    """A copy posted long after the first one is not judged with it."""
    later = NOW + timedelta(days=POLICY.cluster.most_days, seconds=1)

    first = door.send(draft(TEXT, posted_at=NOW))
    same = door.send(draft(TEXT, posted_at=NOW + timedelta(days=29)))
    other = door.send(draft(TEXT, posted_at=later))

    assert first.case_id == same.case_id != other.case_id


def test_short_texts_stay_alone(door: Door) -> None:
    """Two posts of seven words are two cases, though they are the same."""
    short = "chuyển tiền ngay vào số này đi"

    assert door.send(draft(short)).case_id != door.send(draft(short)).case_id
    assert _clusters(door) == []


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(st.sampled_from(KINDS + SHORT), min_size=1, max_size=12), st.randoms())
def test_the_order_of_a_batch_does_not_matter(
    door: Door, texts: list[str], rng: random.Random
) -> None:
    """Copies are together, and others apart, in whatever order they come."""

    def cases(given: list[str]) -> set[tuple[str, int]]:
        with door.database.work("system", now=NOW) as work:
            found = ingest(
                work, POLICY, KEYED, [draft(x) for x in given], [SCAM] * len(given)
            )
        pairs = [
            (x.case_id, text)
            for x, text in zip(found, given, strict=True)
            if isinstance(x, Accepted)
        ]
        return {(text, pairs.count((case, text))) for case, text in pairs}

    shuffled = list(texts)
    rng.shuffle(shuffled)
    assert cases(texts) == cases(shuffled)
    assert all(n == 1 for text, n in cases(texts) if text in SHORT)
    assert {(x, texts.count(x)) for x in KINDS if x in texts} <= cases(texts)


def test_copies_that_came_before_the_case_belong_to_it(door: Door) -> None:
    """A case opened for the third copy is for the two before, too."""
    before = [
        door.send(draft(TEXT, origin=Origin.USER_REPORT), BENIGN) for _ in range(2)
    ]
    assert [x.case_id for x in before] == [None, None]

    case_id = door.send(draft(TEXT), SCAM).case_id

    (case,) = door.rows("SELECT n_posts, origins FROM cases")
    n = door.rows("SELECT count(*) AS n FROM posts WHERE case_id = :x", x=case_id)
    assert (case["n_posts"], n[0]["n"]) == (3, 3)
    assert "user_report" in str(case["origins"])


def test_a_band_that_many_share(database: Database) -> None:
    """Of a hot band only the newest clusters are read."""
    database.migrate()
    with database.work("system", now=NOW) as work:
        clusters = Clusters(work.session)
        many = [StoredCluster(0, b"\0" * 512, 1, None, NOW)] * 300
        ids = clusters.add(many, [[7, i] for i in range(1000, 1300)], created_at=NOW)
        found = clusters.sharing([7, 1005, 9])

    assert found == {7: sorted(ids)[: -MOST_OF_A_BAND - 1 : -1], 1005: [ids[5]]}


def test_old_signatures_are_deleted(database: Database) -> None:
    """A cluster goes with the bands that it is found by, and others stay."""
    database.migrate()
    mine, other = Print.of(TEXT), Print.of(OTHER)
    assert mine is not None
    assert other is not None
    with database.work("system", now=NOW) as work:
        clusters = Clusters(work.session)
        for print_, days in ((mine, 40), (other, 3)):
            grouping = Grouping(clusters, TERMS)
            grouping.join(print_, NOW)
            grouping.write(NOW - timedelta(days=days))
        n = forget(clusters, NOW - timedelta(days=30), 100)
        work.commit()

    with database.session() as session:
        clusters = Clusters(session)
        assert n == 1
        assert clusters.sharing(mine.bands) == {}
        assert set(clusters.sharing(other.bands)) == set(other.bands)


def test_the_nearest_of_several(database: Database) -> None:
    """A copy goes to what it is most like, not to what it merely resembles."""
    database.migrate()
    with database.session() as session:
        grouping = Grouping(Clusters(session), TERMS)
        near = Print.of(TEXT)
        similar = Print.of(" ".join([*TEXT.split()[:-2], "hôm", "nay"]))
        assert near is not None
        assert similar is not None
        first: Cluster = grouping._make(similar, NOW)
        second = grouping._make(near, NOW)
        third = grouping._make(similar, NOW)

        assert grouping.find(near, NOW) is second
        assert grouping.find(similar, NOW) is third is not first


def test_two_replicas_at_once_make_one_case(door: Door) -> None:
    """The same new text, sent to many servers in one moment, is one case."""
    start = threading.Barrier(8)

    def send(n: int) -> None:
        start.wait()
        with door.database.work("system") as work:
            batch = [
                draft(TEXT, external_id=f"x{n}_{i}") for i in range(1 + n % 3 * 20)
            ]
            ingest(work, POLICY, KEYED, batch, [SCAM] * len(batch), draw=never)
            work.commit()

    threads = [threading.Thread(target=send, args=(n,)) for n in range(8)]
    for x in threads:
        x.start()
    for x in threads:
        x.join()

    n_posts = sum(1 + n % 3 * 20 for n in range(8))
    assert [x["n_posts"] for x in door.rows("SELECT n_posts FROM cases")] == [n_posts]
    assert _clusters(door) == [n_posts]
