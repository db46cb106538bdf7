"""The model that serves: posts in, score objects out, in the order that is fair."""

from serving.engine.crew import Terms
from serving.engine.engine import Engine
from serving.engine.lanes import Lane
from serving.engine.model import Model, Proof
from serving.engine.scored import Reply, Scored

__all__ = ["Engine", "Lane", "Model", "Proof", "Reply", "Scored", "Terms"]
