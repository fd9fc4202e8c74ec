"""Papers on their way: dropped, photographed by a phone, bound to their lines, and read beside the declaration."""

import base64
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import TRADER, Desk
from tests.browser.steps import ROWS, add_papers, begin, fill_items, lodge, to_section
from tests.scans import PDF, picture
from tests.stack import wait_for

WIDE = {"width": 1440, "height": 900}
DROP = """([target, files]) => {
  const data = new DataTransfer();
  for (const [name, type, content] of files) {
    const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
    data.items.add(new File([bytes], name, { type }));
  }
  for (const kind of ["dragover", "drop"]) {
    const event = new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true });
    document.querySelector(target).dispatchEvent(event);
  }
}"""


def drop(page: Page, target: str, *files: tuple[str, str, bytes]) -> None:
    page.evaluate(DROP, [target, [(name, kind, base64.b64encode(content).decode()) for name, kind, content in files]])


def link_for_a_phone(page: Page) -> str:
    page.get_by_role("button", name="By phone").click()
    address = page.get_by_role("link", name="Open the page for the phone here").get_attribute("href") or ""
    return "/scan/" + address.split("/scan/")[1]


def test_scans_come_in_by_drag_and_phone_and_stand_beside_the_declaration(
    desk: Desk, check_accessibility: Callable[[Page], None]
) -> None:
    page = desk.log_in(TRADER, viewport=WIDE)
    begin(page, invoice="1200")
    fill_items(page, ROWS[:1])
    add_papers(page, ROWS[:1])
    # One bad file stops no other; on a line a file proves it.
    page.context.set_offline(True)
    drop(page, "[data-scans-in]", ("bad.exe", "", b"MZ"), ("waybill.png", "image/png", picture("PNG", (600, 850))))
    expect(page.locator("[data-sent]")).to_contain_text("no line, tried again by itself")
    page.context.set_offline(False)
    expect(page.locator("[data-sent]")).to_contain_text("Files of this type are not accepted")
    expect(page.locator(".unbound > li")).to_have_count(1)
    drop(page, "[data-rows=papers] tbody tr:first-child", ("invoice.pdf", "application/pdf", PDF))
    expect(page.locator("[data-rows=papers] tbody tr").first).to_contain_text("invoice.pdf")
    page.locator(".unbound select").select_option(label="730 CMR-204")
    page.locator(".unbound [data-bind]").click()
    expect(page.locator("[data-rows=papers] tbody tr").nth(1)).to_contain_text("waybill.jpg")
    # By phone: the desk shows what came.
    phone = desk.page(viewport={"width": 360, "height": 740})
    phone.goto(link_for_a_phone(page))
    taken = {"name": "IMG_1.png", "mimeType": "image/png", "buffer": picture("PNG", (3000, 4000), "gray")}
    phone.locator("#photo").set_input_files([taken, {**taken, "name": "IMG_2.png"}])  # type: ignore[arg-type]
    expect(phone.locator("[data-sent] .is-done")).to_have_count(2)
    check_accessibility(phone)
    expect(page.locator(".unbound > li")).to_have_count(2)
    page.get_by_role("button", name="End my links now").click()
    expect(page.get_by_text("nobody can send anything through them any more")).to_be_visible()
    phone.locator("#photo").set_input_files([{**taken, "name": "IMG_3.png"}])  # type: ignore[arg-type]
    expect(phone.locator("[data-sent] .is-refused")).to_contain_text("This link has ended")
    # What did not arrive waits on the phone for the next link.
    expect(phone.get_by_role("alert")).to_contain_text("Kept on this phone until a new link is opened: 1")
    check_accessibility(phone)
    phone.goto(link_for_a_phone(page))
    expect(phone.locator("[data-sent] .is-done")).to_have_count(1)
    expect(page.locator(".unbound > li")).to_have_count(3)
    phone.reload()
    expect(phone.locator("[data-sent] > li")).to_have_count(0)
    # The viewer beside the form.
    page.locator("a[data-scan]", has_text="waybill.jpg").click()
    expect(page.locator(".scan-pane img")).to_be_visible()
    check_accessibility(page)
    lodge(page)
    page.locator("#items a[data-scan]", has_text="invoice.pdf").click()
    expect(page.locator(".scan-pane [data-place]")).to_have_text("1 / 1")
    expect(page.locator(".scan-pane img")).to_be_visible()


def test_a_file_that_is_not_there_any_more_stops_no_other_and_an_ended_session_is_said(
    desk: Desk, tmp_path: Path
) -> None:
    page = desk.log_in(TRADER, viewport=WIDE)
    begin(page)
    to_section(page, 6, "documents")
    files = [tmp_path / f"paper-{number}.pdf" for number in range(3)]
    for file in files:
        file.write_bytes(PDF)
    held: list[Route] = []
    page.route("**/scans/", lambda route: route.continue_() if held else held.append(route))
    page.locator("[data-scan-files]").set_input_files(files)

    def is_held() -> bool:
        page.wait_for_timeout(50)
        return bool(held)

    wait_for(is_held, "the first file on its way")
    files[1].unlink()
    held[0].continue_()
    sent = page.locator("[data-sent]")
    expect(sent.locator("li", has_text="paper-1.pdf")).to_contain_text("cannot be read here")
    expect(sent.locator(".is-done")).to_have_count(2)
    page.context.clear_cookies(name="sessionid")
    page.locator("[data-scan-files]").set_input_files(files[:1])
    expect(sent.locator(".is-refused").first).to_contain_text("Your session has ended")
