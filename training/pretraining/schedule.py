"""A learning rate that can end at any time: warm-up, constant, decay (arXiv:2404.06395)."""

from dataclasses import dataclass


@dataclass(slots=True)
class Schedule:
    """
    Linear warm-up, a constant rate, and a linear decay to zero.

    Attributes:
        warmup_steps: How long the rate rises.
        decay: Which part of all steps the decay takes.
        decay_from: The step at which it begins; moved forward by ``finish``.
        last: After how many steps the run is over.
    """

    warmup_steps: int
    decay: float
    decay_from: int
    last: int

    @classmethod
    def of(cls, n_steps: int, *, warmup_steps: int, decay: float) -> "Schedule":
        """Return the schedule of a run that nothing ends sooner."""
        n_decay = max(1, round(n_steps * decay))
        return cls(warmup_steps, decay, n_steps - n_decay, n_steps)

    def rate(self, step: int) -> float:
        """Return the part of the learning rate that *step* is taken with."""
        rising = (step + 1) / max(1, self.warmup_steps)
        falling = (self.last - step) / max(1, self.last - self.decay_from + 1)
        return max(0.0, min(1.0, rising, falling))

    def n_decay(self, step: int) -> int:
        """Return how many steps a decay takes that begins after *step* steps."""
        return max(1, round(step * self.decay / (1 - self.decay)))

    def finish(self, step: int) -> None:
        """Begin the decay after *step* steps, unless it has begun or would end later."""
        if step < self.decay_from:
            self.decay_from = step
            self.last = min(self.last, step + self.n_decay(step))
