"""Who leaves first where there is no more room."""

from serving.protocol import Crowd


class Visitor:
    """Somebody who can be sent away."""

    has_left = False

    def leave(self) -> None:
        """Leave."""
        self.has_left = True


def test_there_is_room_for_any_number() -> None:
    """Without a limit nobody has to leave."""
    crowd = Crowd()
    visitors = [Visitor() for _ in range(1_000)]

    assert all(crowd.come(x, n) for n, x in enumerate(visitors, 1))
    assert not any(x.has_left for x in visitors)


def test_the_oldest_stranger_leaves_first() -> None:
    """Then those who asked something before, from the one who did longest ago."""
    crowd = Crowd(3)
    first, second, third, *others = visitors = [Visitor() for _ in range(6)]
    for n, x in enumerate((first, second, third), 1):
        crowd.come(x, n)
    for x in (second, first):
        crowd.work(x)
        crowd.rest(x)

    for x in others:
        assert crowd.come(x, 4)
        crowd.work(x)  # so that it does not have to leave for the next

    assert [x.has_left for x in visitors] == [True] * 3 + [False] * 3
    assert not crowd.come(Visitor(), 4)


def test_who_works_need_not_leave() -> None:
    """Only when all work is there no room."""
    crowd = Crowd(1)
    worker = Visitor()
    crowd.come(worker, 1)
    crowd.work(worker)

    assert not crowd.come(Visitor(), 2)
    assert not worker.has_left
