// <octavo-uploader endpoint purpose max-size continue-url-template>: wraps a plain upload form and takes it over.
//
// Files can be dropped or chosen, several at once; two are sent at a time. `{asset}` in the template becomes the id of
// the asset that an upload made; after a single upload the page goes there by itself.
import { canStoreURLs, defaultOptions } from "tus-js-client";
import { element, icon } from "../dom";
import { bytes } from "../formats";
import { t } from "../words";
import { Row } from "./row";
import { type State, Transfer } from "./transfer";
import "./uploader.css";

const AT_ONCE = 2;
const KEPT_FOR = 48 * 3600 * 1000;

class OctavoUploader extends HTMLElement {
  #input!: HTMLInputElement;
  #list = element("ul", { class: "uploads", role: "list", "aria-label": t("Uploads") });
  #spoken = element("p", { class: "visually-hidden", role: "status" });
  #refused = element("div", { class: "notice", "data-kind": "danger", role: "alert", hidden: true });
  #transfers: Transfer[] = [];

  connectedCallback(): void {
    const form = this.querySelector("form");
    const input = form?.querySelector<HTMLInputElement>("input[type=file]");
    if (!form || !input || this.#input) return;
    this.#input = input;
    form.classList.add("drop-zone");
    // The input lies over the whole zone, invisible: a click anywhere opens the system's dialog.
    form.prepend(
      element("span", { class: "drop-mark" }, icon("cloud-upload")),
      element("p", { class: "drop-title" }, t("Drop films here")),
      element("span", { class: "button", "data-kind": "primary", "aria-hidden": "true" }, t("Choose files")),
    );
    form.addEventListener("submit", (event) => event.preventDefault());
    input.addEventListener("change", () => {
      this.add([...(input.files ?? [])]);
      input.value = "";
    });
    this.#acceptDrops(form);
    this.append(this.#refused, this.#list, this.#spoken);
    this.dataset.ready = "";
    addEventListener("beforeunload", (event) => {
      if (this.#transfers.some((transfer) => transfer.active)) event.preventDefault();
    });
    addEventListener("online", () => this.#goOn());
    void this.#tellOfUnfinished();
  }

  /** Queues the files; those that cannot be accepted are named with the reason. */
  add(files: File[]): void {
    const refusals: string[] = [];
    for (const file of files) {
      const refusal = this.#refusal(file);
      if (refusal) refusals.push(refusal);
      else this.#queue(file);
    }
    this.#refused.hidden = refusals.length === 0;
    this.#refused.replaceChildren(
      icon("circle-alert"),
      element("div", {}, ...refusals.map((text) => element("p", {}, text))),
    );
    this.#startNext();
  }

  #refusal(file: File): string {
    const most = Number(this.getAttribute("max-size") ?? 0);
    if (file.size === 0) return t("“{name}” is empty.", { name: file.name });
    if (most && file.size > most) {
      return t("“{name}” is {size}. The largest accepted file is {most}.", {
        name: file.name,
        size: bytes(file.size),
        most: bytes(most),
      });
    }
    const same = (other: Transfer) =>
      other.unfinished && other.file.name === file.name && other.file.size === file.size;
    return this.#transfers.some(same) ? t("“{name}” is already on its way.", { name: file.name }) : "";
  }

  #queue(file: File): void {
    const transfer = new Transfer(file, {
      endpoint: this.getAttribute("endpoint") ?? "",
      purpose: this.getAttribute("purpose") ?? "",
      belongsTo: this.getAttribute("belongs-to") ?? "",
    });
    this.#transfers.push(transfer);
    const row = new Row(
      transfer,
      (action) => this.#act(action, transfer),
      () => this.#continueUrl(transfer),
    );
    this.#list.append(row.element);
    transfer.addEventListener("change", () => this.#changed(transfer, row));
  }

  #act(action: "pause" | "resume" | "retry" | "cancel", transfer: Transfer): void {
    if (action === "pause") void transfer.pause();
    else if (action === "cancel") void transfer.cancel();
    else transfer.resume();
  }

  #startNext(): void {
    const free = AT_ONCE - this.#transfers.filter((transfer) => transfer.active).length;
    const waiting = this.#transfers.filter((transfer) => transfer.state === "waiting");
    for (const transfer of waiting.slice(0, Math.max(0, free))) void transfer.start();
  }

  #changed(transfer: Transfer, row: Row): void {
    this.#say(transfer.state, transfer.file.name);
    if (transfer.state === "cancelled") {
      this.#transfers = this.#transfers.filter((other) => other !== transfer);
      row.element.remove();
      this.#input.focus();
    }
    if (!transfer.active) this.#startNext();
    if (transfer.state === "done" && this.#transfers.length === 1) location.assign(this.#continueUrl(transfer));
  }

  /** Changes of state are read out; percentages are there for whoever asks the bar. */
  #say(state: State, name: string): void {
    const texts: Partial<Record<State, string>> = {
      sending: t("Uploading {name}", { name }),
      paused: t("{name} is paused", { name }),
      done: t("{name} is uploaded", { name }),
      failed: t("{name} could not be uploaded", { name }),
      cancelled: t("{name} is cancelled", { name }),
    };
    this.#spoken.textContent = texts[state] ?? "";
  }

  #continueUrl(transfer: Transfer): string {
    return (this.getAttribute("continue-url-template") ?? "").replace("{asset}", transfer.assetId);
  }

  #acceptDrops(zone: HTMLElement): void {
    // A file dropped beside the zone would make the browser leave the page and lose the uploads.
    addEventListener("dragover", (event) => event.preventDefault());
    addEventListener("drop", (event) => event.preventDefault());
    zone.addEventListener("dragover", () => (zone.dataset.over = ""));
    zone.addEventListener("dragleave", () => delete zone.dataset.over);
    zone.addEventListener("drop", (event) => {
      delete zone.dataset.over;
      this.add([...(event.dataTransfer?.files ?? [])]);
    });
  }

  #goOn(): void {
    for (const transfer of this.#transfers)
      if (transfer.state === "failed" && transfer.lostConnection) transfer.resume();
  }

  /** Names the files whose upload an earlier visit began: choosing one again goes on where it stopped. */
  async #tellOfUnfinished(): Promise<void> {
    const storage = defaultOptions.urlStorage;
    if (!canStoreURLs) return;
    const begun = await storage.findAllUploads();
    const fresh = begun.filter(({ creationTime }) => Date.now() - Date.parse(creationTime) < KEPT_FOR);
    for (const { urlStorageKey } of begun.filter((upload) => !fresh.includes(upload)))
      await storage.removeUpload(urlStorageKey);
    const names = [...new Set(fresh.map(({ metadata }) => metadata.filename ?? "").filter(Boolean))];
    if (names.length === 0) return;
    const text = t("Not finished yet: {names}. Choose the same file again and it goes on where it stopped.", {
      names: names.join(", "),
    });
    const notice = element("div", { class: "notice" }, icon("history"), element("div", {}, element("p", {}, text)));
    this.insertBefore(notice, this.#list);
    this.#input.addEventListener("change", () => notice.remove(), { once: true });
  }
}

customElements.define("octavo-uploader", OctavoUploader);
