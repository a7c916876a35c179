#!/usr/bin/env bash
# Celery's file queue loses the task of a killed worker, also with acks_late.
#
# Expected: with task_acks_late and task_reject_on_worker_lost a task is
# acknowledged when it is done, so a worker that is killed in it leaves it for
# the next worker.
# Seen with Celery 5.7.0 (kombu 5.7.0) over filesystem://: the message's file
# is removed when a worker takes it, not when the task ends. After a kill the
# queue is empty and the next worker has nothing to do; no error is logged.
#     messages before the worker starts: 1
#     messages after the kill: 0
#     what the tasks wrote: ['started-wait', 'started-go', 'ended']
# (The killed task is "wait"; "go" was put in the queue after the kill.)
# Why it matters: a contract that was being sent when the machine restarted is
# never sent, and no trace says so. Use a broker that keeps what is not
# acknowledged, and record each sending in a database, so that one that has
# started and not ended is found.
set -euo pipefail

folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    celery==5.7.0 \
    kombu==5.7.0
mkdir "$folder/queue" "$folder/control"
cat >"$folder/sending.py" <<'PY'
import os
import time

from celery import Celery

folder = os.environ["FOLDER"]
app = Celery("sending", broker="filesystem://")
app.conf.update(
    broker_transport_options={
        "data_folder_in": f"{folder}/queue",
        "data_folder_out": f"{folder}/queue",
        "control_folder": f"{folder}/control",
    },
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
)


def write(word):
    with open(f"{folder}/log", "a") as log:
        log.write(f"{word}\n")


@app.task
def send(contract):
    write(f"started-{contract}")
    if contract == "wait":
        time.sleep(60)
    write("ended")
PY
export FOLDER="$folder"
export PYTHONPATH="$folder"
cd "$folder"

"$folder/venv/bin/python" -W ignore - <<'PY'
import os
import pathlib
import subprocess
import sys
import time

import sending


def expect(what, seen, known):
    print(f"{what}: {seen!r}")
    if seen != known:
        raise SystemExit(f"CHANGED: {what} was {known!r}")


folder = pathlib.Path(os.environ["FOLDER"])
log = folder / "log"
command = [sys.executable, "-m", "celery", "-A", "sending", "worker", "-P", "solo"]


def written():
    return log.read_text().split() if log.exists() else []


def waiting():
    return len(list((folder / "queue").glob("*.msg")))


def work(until):
    """Run a worker until the condition holds, at most 30 seconds, then kill it."""
    quiet = subprocess.DEVNULL
    worker = subprocess.Popen(command, cwd=folder, stdout=quiet, stderr=quiet)
    end = time.monotonic() + 30
    while not until() and time.monotonic() < end:
        time.sleep(0.1)
    worker.kill()
    worker.wait()


sending.send.delay("wait")
expect("messages before the worker starts", waiting(), 1)
work(until=written)
expect("messages after the kill", waiting(), 0)
# A second task shows that the next worker works; it would find the first one before.
sending.send.delay("go")
work(until=lambda: "ended" in written())
expect("what the tasks wrote", written(), ["started-wait", "started-go", "ended"])
PY
