"""Asking a suite's cases through `agent.asking`, with and without a model."""

from eval.running.run import Finished, Plan, run_suite

__all__ = ["Finished", "Plan", "run_suite"]
