"""Every page, as whom it is looked at and in which states: the list that the page judges walk through."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page, expect

from tests.web.waiting import wait_for

FILM = "document.querySelector('octavo-player').film"  # our own player's, on any page
ANOTHER_QUALITY = f"() => {FILM}.choose({FILM}.engine.heights().find((one) => one !== {FILM}.engine.currentHeight()))"


@dataclass(frozen=True)
class Place:
    """`path` may name titles of the world in braces; `reach` does what shows the state that is meant."""

    name: str
    route: str
    path: str
    who: str = ""  # nobody is signed in
    status: int = 200
    reach: Callable[[Page], object] | None = None

    def __str__(self) -> str:
        return self.name


def _refused_sign_in(page: Page) -> None:
    page.get_by_label("E-mail address or username").fill("nobody.we.know")
    page.get_by_label("Password").fill("not the password")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_be_visible()


def _invalid_sign_up(page: Page) -> None:
    page.get_by_label("E-mail address").fill("amara")
    page.get_by_role("button", name="Make my account").click()
    expect(page.locator(".error-summary")).to_be_visible()


def _invalid_profile(page: Page) -> None:
    page.get_by_label("Name", exact=True).fill("")
    page.get_by_role("button", name="Save profile").click()
    expect(page.locator(".error-summary")).to_be_visible()


def _wrong_password(page: Page) -> None:
    page.get_by_label("Current password").fill("not the password")
    page.get_by_label("New password").fill("short")
    page.get_by_role("button", name="Change password").click()
    expect(page.locator(".error-summary")).to_be_visible()


def _invalid_title(page: Page) -> None:
    page.get_by_label("Title", exact=True).evaluate("field => { field.value = ''; field.form.noValidate = true }")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".error-summary")).to_be_visible()


def _broken_twiml(page: Page) -> None:
    page.get_by_label("Document").fill("<Response>\n<Message></Message>\n</Response>")
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_text("What is wrong")).to_be_visible()


def _no_country(page: Page) -> None:
    page.get_by_label("Never to").fill("Atlantis")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".error-summary")).to_be_visible()


def _open_switcher(page: Page) -> None:
    page.locator(".switcher > summary").click()
    expect(page.locator(".switcher-sheet")).to_be_visible()


def _open_account_menu(page: Page) -> None:
    page.locator(".bar-end details > summary").click()
    expect(page.get_by_role("banner").get_by_role("button", name="Sign out")).to_be_visible()


def player_ready(page: Page) -> None:
    """The film can be played, and stands still."""
    expect(page.locator("octavo-player .player-bar")).to_be_attached()
    wait_for(page, "() => document.querySelector('octavo-player video').readyState >= 2")
    page.locator("octavo-player video").evaluate("video => video.pause()")


def _player_menu(page: Page) -> None:
    player_ready(page)
    page.get_by_role("button", name="Quality and speed").click()
    expect(page.get_by_role("menu")).to_be_visible()


def _refused_file(page: Page) -> None:
    expect(page.locator("octavo-uploader[data-ready]")).to_be_visible()
    page.locator("input[type=file]").set_input_files([{"name": "empty.mp4", "mimeType": "video/mp4", "buffer": b""}])
    expect(page.get_by_role("alert")).to_contain_text("is empty")


def _bad_subtitles(page: Page) -> None:
    """Some that are taken, then some that are not."""
    for content in (b"1\n00:00:01,000 --> 00:00:02,000\nAll aboard\n", b"1\n00:00:01 -> 2\n"):
        page.get_by_label("Language").fill("en")
        page.locator("input[type=file]").set_input_files(
            [{"name": "w.srt", "mimeType": "text/plain", "buffer": content}]
        )
        page.get_by_role("button", name="Add subtitles").click()
    expect(page.get_by_role("alert")).to_contain_text("Line 2")


def _bad_chapters(page: Page) -> None:
    page.get_by_label("Chapters").fill("0:00 Boarding\nThe steppe")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("Chapter 2")


def _bad_picture(page: Page) -> None:
    page.locator("input[type=file]").set_input_files([{"name": "w.png", "mimeType": "image/png", "buffer": b"words"}])
    page.get_by_role("button", name="Use this picture").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose a picture")


def _chapter_list(page: Page) -> None:
    player_ready(page)
    page.get_by_role("button", name="Chapters").click()
    expect(page.get_by_role("menu")).to_be_visible()


SUBTITLES = "/video/titles/{title_id}/subtitles"
CHAPTERS, POSTERS = "/video/titles/{title_id}/chapters", "/video/titles/{title_id}/posters"
WATCH, EDIT = "/video/titles/{title_id}", "/video/titles/{title_id}/edit"
ACCOUNT = "/comms/accounts/{sid}"
PHONE = "/comms/phone/{number}"
PROCESSING = "/video/titles/{title_id}/processing"
FILES = "/video/titles/{title_id}/files"
PLACES = (
    Place("start", "/", "/"),
    Place("start-signed-in", "/", "/", "viewer"),
    Place("start-products", "/", "/", "viewer", reach=_open_switcher),
    Place("sign-in", "/sign-in", "/sign-in"),
    Place("sign-in-refused", "/sign-in", "/sign-in", reach=_refused_sign_in),
    Place("sign-up", "/sign-up", "/sign-up"),
    Place("sign-up-invalid", "/sign-up", "/sign-up", reach=_invalid_sign_up),
    Place("account", "/account", "/account", "maker"),
    Place("account-invalid", "/account", "/account", "maker", reach=_invalid_profile),
    Place("account-menu", "/account", "/account", "operator", reach=_open_account_menu),
    Place("password", "/account/password", "/account/password", "maker"),
    Place("password-invalid", "/account/password", "/account/password", "maker", reach=_wrong_password),
    Place("devices", "/account/sessions", "/account/sessions", "maker"),
    Place("people", "/account/people", "/account/people?q=tom", "maker"),
    Place("api", "/api", "/api"),
    Place("components", "/components", "/components", "operator"),
    Place("offline", "/offline", "/offline"),
    Place("home", "/video", "/video"),
    Place("home-signed-in", "/video", "/video", "viewer"),
    Place("home-maker", "/video", "/video", "maker"),
    Place("tag", "/video/tags/{tag}", "/video/tags/train"),
    Place("tag-empty", "/video/tags/{tag}", "/video/tags/unheardof"),
    Place("upload", "/video/upload", "/video/upload", "maker"),
    Place("upload-announced", "/video/upload", "/video/upload?for={announced}", "maker"),
    Place("upload-refused", "/video/upload", "/video/upload", "maker", reach=_refused_file),
    Place("mine", "/video/mine", "/video/mine", "maker"),
    Place("mine-empty", "/video/mine", "/video/mine", "newcomer"),
    Place("mine-deleted", "/video/mine", "/video/mine?view=deleted", "maker"),
    Place("mine-deleted-empty", "/video/mine", "/video/mine?view=deleted", "newcomer"),
    Place("mine-just-deleted", "/video/mine", "/video/mine?deleted={deleted}", "maker"),
    Place("mine-just-saved", "/video/mine", "/video/mine?saved={salt}", "maker"),
    Place("watch", WATCH, "/video/titles/{night_train}", reach=player_ready),
    Place("watch-again", WATCH, "/video/titles/{night_train}", "viewer", reach=_player_menu),
    Place("watch-own", WATCH, "/video/titles/{draft}", "maker", reach=player_ready),
    Place("watch-chapters", WATCH, "/video/titles/{night_train}", "maker", reach=_chapter_list),
    Place("watch-long", WATCH, "/video/titles/{long}", reach=player_ready),
    Place("processing-upload", PROCESSING, "/video/titles/{sending}/processing", "maker"),
    Place("processing-failed", PROCESSING, "/video/titles/{failed}/processing", "maker"),
    Place("processing-complete", PROCESSING, "/video/titles/{draft}/processing", "maker"),
    Place("processing-announced", PROCESSING, "/video/titles/{announced}/processing", "maker"),
    Place("watch-announced", WATCH, "/video/titles/{announced}", "viewer"),
    Place("edit", EDIT, "/video/titles/{night_train}/edit", "maker"),
    Place("edit-invalid", EDIT, "/video/titles/{draft}/edit", "maker", reach=_invalid_title),
    Place("edit-without-picture", EDIT, "/video/titles/{sending}/edit", "maker"),
    Place("files", FILES, "/video/titles/{night_train}/files", "maker"),
    Place("files-uploading", FILES, "/video/titles/{sending}/files", "maker"),
    Place("files-closed", FILES, "/video/titles/{night_train}/files", "viewer", status=403),
    Place("subtitles", SUBTITLES, "/video/titles/{night_train}/subtitles", "maker", reach=_bad_subtitles),
    Place("subtitles-empty", SUBTITLES, "/video/titles/{draft}/subtitles", "maker"),
    Place("chapters", CHAPTERS, "/video/titles/{night_train}/chapters", "maker", reach=_bad_chapters),
    Place("posters", POSTERS, "/video/titles/{night_train}/posters", "maker", reach=_bad_picture),
    Place("storage", "/video/storage", "/video/storage", "operator"),
    Place("comms", "/comms", "/comms", "maker"),
    Place("comms-empty", "/comms", "/comms", "newcomer"),
    Place("comms-account", ACCOUNT, "/comms/accounts/{comms_account}", "maker"),
    Place("comms-messages", "/comms/messages", "/comms/messages", "maker"),
    Place("comms-message", "/comms/messages/{sid}", "/comms/messages/{comms_message}", "maker"),
    Place("comms-message-new", "/comms/messages/new", "/comms/messages/new", "maker"),
    Place("comms-webhooks", "/comms/webhooks", "/comms/webhooks", "maker"),
    Place("comms-webhook", "/comms/webhooks/{delivery_id}", "/comms/webhooks/{comms_request}", "maker"),
    Place("comms-keys", "/comms/keys", "/comms/keys", "maker"),
    Place("comms-caller-ids", "/comms/caller-ids", "/comms/caller-ids", "maker"),
    Place("comms-phones", "/comms/phone", "/comms/phone", "maker"),
    Place("comms-phones-no-number", "/comms/phone", "/comms/phone?number=12", "maker", status=422),
    Place("comms-phone", PHONE, "/comms/phone/+14155550100", "maker"),
    Place("comms-phone-talk", PHONE, "/comms/phone/+14155550100?peer={comms_peer}", "maker"),
    Place("comms-phone-new", PHONE, "/comms/phone/+14155550177", "maker"),
    Place("comms-phone-behaviour", f"{PHONE}/behaviour", "/comms/phone/+14155550100/behaviour", "maker"),
    Place("comms-calls", "/comms/phone/{number}/calls", "/comms/phone/+14152051299/calls", "maker"),
    Place("comms-calls-empty", "/comms/phone/{number}/calls", "/comms/phone/+14152051297/calls", "maker"),
    Place("comms-numbers", "/comms/numbers", "/comms/numbers", "maker"),
    Place("comms-number", "/comms/numbers/{sid}", "/comms/numbers/{comms_number}", "maker"),
    Place("comms-number-search", "/comms/numbers/search", "/comms/numbers/search", "maker"),
    Place("comms-number-search-empty", "/comms/numbers/search", "/comms/numbers/search?area_code=533", "maker"),
    Place("comms-number-search-invalid", "/comms/numbers/search", "/comms/numbers/search?contains=5", "maker"),
    Place("comms-usage", "/comms/usage", "/comms/usage", "maker"),
    Place("comms-guard", "/comms/guard", "/comms/guard", "maker"),
    Place("comms-guard-empty", "/comms/guard", "/comms/guard?account={comms_branch}", "maker"),
    Place("comms-guard-invalid", "/comms/guard", "/comms/guard", "maker", reach=_no_country),
    Place("comms-start", "/comms/start", "/comms/start", "maker"),
    Place("comms-twiml", "/comms/twiml", "/comms/twiml", "maker", reach=_broken_twiml),
    Place("not-found", WATCH, "/video/titles/00000000-0000-7000-8000-000000000000", status=404),
    Place("forbidden", "/components", "/components", "viewer", status=403),
)
# Answers to GET that are no pages: files, streams, documents for programs, and ways to other pages.
NO_PAGES = {
    "/healthz",
    "/readyz",
    "/metrics",
    "/openapi.json",
    "/static/{rest:path}",
    "/manifest.webmanifest",
    "/service-worker.js",
    "/play/poster/{asset_id}/{name}",
    "/play/{token}/{asset_id}/{version}/{name:path}",
    "/play/{token}/{asset_id}/allowed",
    "/play/{token}/{asset_id}/files/{name}",
    "/video/films/{asset_id}",
    "/comms/media/{token}",
    "/video/titles/{title_id}/progress",
    "/comms/gateway/{token}/inbound",
    "/comms/gateway/{token}/receipts",
    "/comms/phone/{number}/events",
}
# Judged on an Octavo that nobody has used yet: see test_first_start.py.
FIRST_START = {"/welcome"}
