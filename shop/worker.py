"""How the queue's worker works (`manage.py procrastinate worker`)."""

import os
from typing import Any

from procrastinate import JobContext
from procrastinate.middleware import SyncCallNext
from procrastinate.worker import Worker

NICENESS = 10


def give_way(call_next: SyncCallNext, context: JobContext, worker: Worker) -> Any:
    """Run a job at a lower priority: customers first, messages may come seconds later when the machine is full."""
    os.setpriority(os.PRIO_PROCESS, 0, NICENESS)  # on Linux of this thread, elsewhere of the process
    return call_next()


# Jobs are wake-up calls; the outbox (orders.Notification) is the record. A job that has done its work goes.
DEFAULTS = {"delete_jobs": "successful", "concurrency": 4, "task_middleware": [give_way]}
