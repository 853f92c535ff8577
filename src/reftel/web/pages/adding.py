"""Adding: files that are sent, or a file or folder of this machine; and the job that it becomes."""

from __future__ import annotations

import shutil
from pathlib import Path

import msgspec
from anyio import to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from reftel.archive.ledger import EXTRACTIONS, OUTCOMES
from reftel.errors import ReftelError
from reftel.web.guard import session_of
from reftel.web.jobs import STATES, Job, Jobs
from reftel.web.problems import BadRequestError, ForbiddenError, NotFoundError, RoomError
from reftel.web.rendering import render
from reftel.web.settings import Settings
from reftel.web.uploads import Form, take_form
from reftel.web.wanted import FORMS, wanted_form

_SOON = 1.0  # seconds within which a process that is asked to end most often has


async def add(request: Request) -> Response:
    """A job for what a form holds: files, or under `path` a place on this machine. Its path, as a redirect or as JSON."""
    _demand_keeper(request)
    settings: Settings = request.app.state.room.settings
    jobs: Jobs = request.app.state.jobs
    form = await take_form(request, settings.folder, settings.upload_limit)
    try:
        job = jobs.start(*read_wanted(form, settings))
    except (ReftelError, RoomError):
        if form.folder is not None:
            shutil.rmtree(form.folder, ignore_errors=True)
        raise
    path = f"/status/jobs/{job.key}"
    if wanted_form(request) == "json":
        return Response(msgspec.json.encode({"job": path}) + b"\n", 202, {"location": path}, FORMS["json"])
    return RedirectResponse(path, 303)


async def show_job(request: Request) -> Response:
    """How a job goes, as a page or as JSON."""
    job = _find(request)
    if wanted_form(request) == "json":
        return Response(msgspec.json.encode(job) + b"\n", media_type=FORMS["json"])
    outcomes = (*OUTCOMES, *EXTRACTIONS)
    return render(
        request, "job.html", job=job, states=STATES, outcomes=outcomes, share=share_done(job), said=say_job(job)
    )


async def stop_job(request: Request) -> Response:
    """Stops a job; what it has added is kept."""
    _demand_keeper(request)
    job = _find(request)
    jobs: Jobs = request.app.state.jobs
    jobs.stop(job.key)
    await to_thread.run_sync(jobs.wait, job.key, _SOON)
    return RedirectResponse(f"/status/jobs/{job.key}", 303)


def share_done(job: Job) -> int | None:
    """How much of the present stage is done, in percent; None where that cannot be told."""
    done, total = (job.indexed, job.to_index) if job.stage == "indexing" else (job.bytes_done, job.bytes_total)
    return min(100, 100 * done // total) if total else None


def say_job(job: Job) -> str:
    """One sentence on how it goes, that changes only now and then: for those to whom it is read aloud."""
    share = share_done(job)
    if job.state != "running":
        return f"{job.state.capitalize()}: {STATES[job.state]}."
    return f"{job.stage.capitalize()}." + (f" About {share // 20 * 20} percent." if share and share >= 20 else "")


def read_wanted(form: Form, settings: Settings) -> tuple[str, list[Path]]:
    """What is to be added, in words and as paths. RoomError if that is nothing, or a place that may not be named."""
    paths = [form.folder] if form.folder is not None else []
    names = list(form.files)
    typed = form.fields.get("path", "").strip()
    if typed:
        if not settings.is_local:
            raise ForbiddenError("A place on the server can be named only on the server itself.", "Send the files.")
        try:
            place = Path(typed).expanduser().resolve()
            exists = place.exists()
        except (OSError, RuntimeError, ValueError):
            exists = False
        if not exists:
            raise BadRequestError(f"There is no file or folder {typed}.", "Give the whole path.")
        paths.append(place)
        names.append(place.name or str(place))
    if not paths:
        raise BadRequestError("No file was chosen.", "Go back and choose some.")
    more = len(names) - 3
    return ", ".join(names[:3]) + (f" and {more:,} more" if more > 0 else ""), paths


def _find(request: Request) -> Job:
    jobs: Jobs = request.app.state.jobs
    job = jobs.get(request.path_params["key"])
    if job is None:
        raise NotFoundError(
            "There is no such job.", "Jobs are forgotten when the room is closed; the ledger keeps what they did."
        )
    return job


def _demand_keeper(request: Request) -> None:
    if not session_of(request).is_keeper:
        raise ForbiddenError("Only keepers add files.", "Whoever keeps the archive can make you one.")
