"""Work for later: enqueued in the transaction that needs it, run by leased workers, given back when they go."""

from octavo.kernel.jobs._job import Backoff, GiveUp, Job, LeaseLost, Schedule, job
from octavo.kernel.jobs._run import Run
from octavo.kernel.jobs._scheduler import Scheduler
from octavo.kernel.jobs._worker import Worker
from octavo.kernel.jobs.actions import cancel_jobs, enqueue, enqueue_many, forget_dead, retry_dead
from octavo.kernel.jobs.queries import listed_jobs
from octavo.kernel.jobs.rows import ListedJob

__all__ = [
    "Backoff",
    "GiveUp",
    "Job",
    "LeaseLost",
    "ListedJob",
    "Run",
    "Schedule",
    "Scheduler",
    "Worker",
    "cancel_jobs",
    "enqueue",
    "enqueue_many",
    "forget_dead",
    "job",
    "listed_jobs",
    "retry_dead",
]
