// <octavo-phone events="/comms/phone/+1.../events?...">: conversations that follow along, and answers without a new page.
//
// Inside it, #threads and #bubbles are what is looked up again whenever the server says `changed`; #composer is the form
// that sends. What a person is writing is never touched.
const LIVE = ["threads", "bubbles"];

class OctavoPhone extends HTMLElement {
  #source: EventSource | undefined;
  #looking = false;
  #again = false;

  connectedCallback(): void {
    const address = this.getAttribute("events");
    if (!address) return;
    this.#source = new EventSource(address);
    this.#source.addEventListener("changed", () => void this.#look());
    // While the line was broken something may have come.
    this.#source.addEventListener("open", () => void this.#look());
    this.addEventListener("submit", this.#send);
    this.addEventListener("keydown", sendOnEnter);
    toTheEnd(this.#bubbles());
  }

  disconnectedCallback(): void {
    this.#source?.close();
  }

  #bubbles(): HTMLElement | null {
    return this.querySelector<HTMLElement>(".bubbles");
  }

  /** One look at a time; news during a look cause one more. */
  async #look(): Promise<void> {
    if (this.#looking) {
      this.#again = true;
      return;
    }
    this.#looking = true;
    try {
      do {
        this.#again = false;
        const answer = await fetch(location.href);
        if (answer.ok) this.#show(await page(answer));
      } while (this.#again);
    } catch {
      // The event source reconnects, and its `open` looks again.
    } finally {
      this.#looking = false;
    }
  }

  #show(fresh: Document): void {
    const before = this.#bubbles();
    const atTheEnd = !before || before.scrollHeight - before.scrollTop - before.clientHeight < 80;
    for (const id of LIVE) {
      const [old, made] = [this.querySelector(`#${id}`), fresh.getElementById(id)];
      // The place itself stays, so that focus, scrolling and the reading aloud of what is new stay too.
      if (old && made) renew(old, made);
    }
    if (atTheEnd) toTheEnd(this.#bubbles());
  }

  #send = async (event: SubmitEvent): Promise<void> => {
    const form = event.target as HTMLFormElement;
    const isFirst = !this.querySelector("#bubbles li");
    if (form.id !== "composer" || isFirst) return;
    event.preventDefault();
    const text = form.querySelector("textarea");
    const fields = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === "string") fields.append(name, value);
    try {
      const answer = await fetch(form.action, { method: "POST", body: fields });
      if (!answer.ok) {
        form.replaceChildren(...((await page(answer)).getElementById("composer")?.childNodes ?? []));
        return;
      }
      this.#show(await page(answer));
      if (text) {
        text.value = "";
        text.focus();
      }
      toTheEnd(this.#bubbles());
    } catch {
      form.submit();
    } finally {
      form.querySelector<HTMLElement>("[aria-busy]")?.removeAttribute("aria-busy");
      for (const button of form.querySelectorAll("button")) button.disabled = false;
    }
  };
}

async function page(answer: Response): Promise<Document> {
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

/** Bubbles only grow, so only new ones are added; the list of conversations is taken as it comes. */
function renew(old: Element, made: Element): void {
  if (old.id === "bubbles" && made.children.length >= old.children.length) {
    old.append(...[...made.children].slice(old.children.length));
  } else {
    old.replaceChildren(...made.childNodes);
  }
}

function toTheEnd(bubbles: HTMLElement | null): void {
  if (bubbles) bubbles.scrollTop = bubbles.scrollHeight;
}

/** Enter sends and Shift+Enter begins a line, as in every chat; not while a word is being composed. */
function sendOnEnter(event: KeyboardEvent): void {
  const place = event.target as HTMLElement;
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || place.tagName !== "TEXTAREA") return;
  event.preventDefault();
  (place as HTMLTextAreaElement).form?.requestSubmit();
}

customElements.define("octavo-phone", OctavoPhone);
