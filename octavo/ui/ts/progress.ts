// <octavo-progress events="/video/titles/1/progress">: meters that follow an encode over server-sent events.
//
// Inside it, [data-rung="v480"] (a rendition's name) holds a <progress> and a [data-detail]; [data-total] the whole of it;
// [data-state-text] the state in words. `state` is the one that the page was rendered in; when it becomes one of `reload-on`, the page is
// loaded again for its new content.
import { percent } from "./formats";
import { t } from "./words";

interface Rendition {
  name: string;
  height: number;
  codec: string;
  state: string;
  progress: number;
}

interface Asset {
  state: string;
  failure?: string;
  progress: number;
  renditions: Rendition[];
}

// The page may be made a moment before its own row learns of a change; asking again at once would ask too often.
const RELOAD_AFTER = 500;

class OctavoProgress extends HTMLElement {
  #source: EventSource | undefined;
  #state = "";

  connectedCallback(): void {
    const address = this.getAttribute("events");
    if (!address) return;
    this.#state = this.getAttribute("state") ?? "";
    this.#source = new EventSource(address);
    this.#source.addEventListener("progress", (event) => this.#show(JSON.parse(event.data) as Asset));
    this.#source.addEventListener("deleted", () => this.#reload());
  }

  disconnectedCallback(): void {
    this.#source?.close();
  }

  #show(asset: Asset): void {
    const rows = asset.renditions.map((rendition) => {
      const row = this.querySelector<HTMLElement>(`[data-rung="${CSS.escape(rendition.name)}"]`);
      if (row) fill(row, rendition.progress, rendition.state);
      return row;
    });
    const total = this.querySelector<HTMLElement>("[data-total]");
    if (total) fill(total, asset.progress, asset.state);
    this.#say(asset);
    const someShown = this.querySelector("[data-rung]") !== null;
    const awaited = (this.getAttribute("reload-on") ?? "").split(/[ ,]+/);
    const isNews = asset.state !== this.#state && awaited.includes(asset.state);
    const hasNewRows = rows.includes(null) && (someShown || this.hasAttribute("rungs"));
    this.#state = asset.state;
    if (isNews || hasNewRows) this.#reload();
  }

  #reload(): void {
    this.#source?.close();
    setTimeout(() => location.reload(), RELOAD_AFTER);
  }

  #say(asset: Asset): void {
    const place = this.querySelector("[data-state-text]");
    this.dataset.state = asset.state;
    if (place) place.textContent = asset.failure || stateText(asset.state);
  }
}

function fill(row: HTMLElement, part: number, state: string): void {
  const done = state === "complete" || state === "ready" || part >= 1;
  const bar = row.querySelector("progress");
  if (bar) {
    // One bar may say "unknown"; six of them moving would only be restless.
    if (part > 0 || done || row.dataset.rung) bar.value = done ? 1 : part;
    else bar.removeAttribute("value");
  }
  const detail = row.querySelector("[data-detail]");
  if (detail) detail.textContent = done ? t("Ready") : part > 0 ? percent(part) : t("Waiting");
  if (done) row.dataset.state = "done";
}

function stateText(state: string): string {
  const texts: Record<string, string> = {
    uploading: t("Uploading"),
    uploaded: t("Waiting for its turn"),
    probing: t("Looking at the file"),
    playable: t("Ready to watch. Better qualities are still being made."),
    complete: t("All qualities are ready."),
    failed: t("The film could not be prepared."),
  };
  return texts[state] ?? state;
}

customElements.define("octavo-progress", OctavoProgress);
