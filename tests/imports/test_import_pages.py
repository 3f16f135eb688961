from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.cast import Browser, event, publish, send, words

from ripeline.server.bounded import MOST
from ripeline.server.imports import actions, admitted
from ripeline.server.imports.models import Upload
from ripeline.server.log import queries
from ripeline.server.workspace import Workspace

CRM = (
    b"Email,Activity,Date,First name\n"
    b"ada@x.example,Demo Requested,2026-03-01,Ada\n"
    b"ben@x.example,Fair visited,soon,Ben\n"
)
CHOSEN = {"column-0": "email", "column-1": "name", "column-2": "occurred_at", "column-3": "fact", "source": "crm"}


def uploaded(browser: Browser, content: bytes = CRM, name: str = "crm.csv") -> str:
    """The address of the page of a file that was just uploaded."""
    answer = browser("ada").post("/settings/import/", {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 302
    return str(answer["Location"])


def ended(address: str) -> Upload:
    """The import of a page, once it has ended."""
    upload = Upload.objects.get(pk=int(address.strip("/").split("/")[-1]))
    thread = next((each for each in actions.threads() if each.name == f"import-{upload.pk}"), None)
    if thread is not None:
        thread.join(timeout=60)
    upload.refresh_from_db()
    return upload


def test_a_file_is_guessed_shown_and_imported(workspace: Workspace, browser: Browser) -> None:
    publish(workspace)
    address = uploaded(browser)
    shown = words(browser("ada").post(address, {**CHOSEN, "do": "preview"}).content)

    browser("ada").post(address, {**CHOSEN, "do": "start"})

    upload = ended(address)
    assert "ada@x.example" in shown and "Row 3: `occurred_at`" in shown
    assert (upload.state, upload.stored, upload.refused) == ("done", 2, 1)
    assert queries.leads(search="ada").total == 1 and not actions.path_of(upload).exists()


def test_refused_rows_are_downloaded_with_their_reasons(workspace: Workspace, browser: Browser) -> None:
    address = uploaded(browser)
    browser("ada").post(address, {**CHOSEN, "do": "start"})
    ended(address)

    told = browser("ada").get(f"{address}refused.csv").content.decode()

    assert (
        told.splitlines()[0] == "file,line,reason,detail,row" and "unreadable-time" in told and "ben@x.example" in told
    )


def test_a_live_event_is_answered_while_a_file_is_imported(workspace: Workspace, browser: Browser) -> None:
    rows = "".join(f"e{n},Any,2026-03-01,p{n % 50}\n" for n in range(20_000))
    address = uploaded(browser, ("id,name,occurred_at,lead\n" + rows).encode())
    browser("ada").post(address, {"own": "on", "do": "start"})

    send(workspace, event("Any", userId="live"))

    between = Upload.objects.get().state
    assert between == "running" and queries.leads(user_id="live").total == 1
    assert ended(address).stored == 20_000


def test_an_import_that_a_restart_interrupted_says_so_and_goes_on(workspace: Workspace, browser: Browser) -> None:
    address = uploaded(browser)
    Upload.objects.update(state="running", rows=1, stored=1, source="crm", mapping="")
    page = words(browser("ada").get(address).content)

    browser("ada").post(f"{address}go-on/")

    assert "The server was restarted while this was imported" in page
    assert ended(address).state == "done"


def test_the_mapping_is_saved_for_the_command_line(workspace: Workspace, browser: Browser) -> None:
    answer = browser("ada").post(uploaded(browser), {**CHOSEN, "do": "save"})

    assert answer["Content-Disposition"] == 'attachment; filename="map.yaml"'
    assert b"lead: Email" in answer.content and b"occurred_at: Date" in answer.content


@pytest.mark.parametrize("name", ["notes.docx", "../../etc/passwd", "x.parquet.gz"])
def test_a_file_of_another_kind_is_refused_in_words(workspace: Workspace, browser: Browser, name: str) -> None:
    answer = browser("ada").post("/settings/import/", {"file": SimpleUploadedFile(name, b"x")})

    assert answer.status_code == 422 and "this kind of file is not read" in words(answer.content)


def test_a_column_that_is_chosen_twice_is_an_error_beside_it(workspace: Workspace, browser: Browser) -> None:
    answer = browser("ada").post(uploaded(browser), {**CHOSEN, "column-3": "name", "do": "start"})

    assert answer.status_code == 422 and "Another column says this already" in words(answer.content)


def test_who_may_not_import_sees_why(workspace: Workspace, browser: Browser) -> None:
    address = uploaded(browser)

    assert "Only administrators and people of operations can import." in words(
        browser("sam").get("/settings/import/").content
    )
    assert browser("sam").get(address).status_code == 403
    assert Path(actions.folder_of(Upload.objects.get())).is_dir()


def test_only_who_may_import_may_send_more_than_a_form(workspace: Workspace, browser: Browser) -> None:
    def allowed(who: str) -> int:
        cookie = browser(who).cookies.output(header="", sep=";").encode()
        scope = {"path": admitted.PATH, "method": "POST", "headers": [(b"cookie", cookie)]}
        return admitted.most_bytes(scope)

    assert allowed("ada") > 2**30
    assert (allowed("mia"), allowed("")) == (MOST, MOST)
