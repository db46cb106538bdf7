"""What data scientists type after ``kiemtin``; torch loads when a command runs."""

from training.commands.corpora import app as data
from training.commands.evaluate import evaluate
from training.commands.export import export
from training.commands.pretrain import app as pretrain
from training.commands.promote import models, promote, rollback
from training.commands.sweep import sweep
from training.commands.thresholds import thresholds
from training.commands.train import train

__all__ = [
    "data",
    "evaluate",
    "export",
    "models",
    "pretrain",
    "promote",
    "rollback",
    "sweep",
    "thresholds",
    "train",
]
