// One file on its way to the server: tus underneath, with pause, resume, resume after a reload, and cancel.
import { type DetailedError, Upload } from "tus-js-client";
import { t } from "../words";
import { Speed } from "./speed";

export type State = "waiting" | "sending" | "paused" | "stalled" | "done" | "failed" | "cancelled";

export interface Target {
  endpoint: string;
  purpose: string;
  belongsTo: string;
}

const RETRY_AFTER = [0, 1000, 3000, 5000, 10_000, 20_000];

export class Transfer extends EventTarget {
  readonly file: File;
  state: State = "waiting";
  sent = 0;
  assetId = "";
  failure = "";
  lostConnection = false;
  resumed = false;
  readonly speed = new Speed();
  readonly #upload: Upload;

  constructor(file: File, target: Target) {
    super();
    this.file = file;
    this.#upload = new Upload(file, {
      endpoint: target.endpoint,
      metadata: {
        filename: file.name,
        filetype: file.type,
        purpose: target.purpose,
        ...(target.belongsTo && { for: target.belongsTo }),
      },
      retryDelays: RETRY_AFTER,
      removeFingerprintOnSuccess: true,
      onProgress: (sent) => this.#progress(sent),
      onShouldRetry: (error) => this.#shouldRetry(error),
      onAfterResponse: (_request, response) => {
        this.assetId = response.getHeader("Octavo-Asset") ?? this.assetId;
      },
      onSuccess: () => this.#become("done"),
      onError: (error) => this.#fail(error),
    });
  }

  get size(): number {
    return this.file.size;
  }

  get active(): boolean {
    return this.state === "sending" || this.state === "stalled";
  }

  get unfinished(): boolean {
    return this.active || this.state === "waiting" || this.state === "paused";
  }

  /** Starts, or goes on where an earlier visit stopped. */
  async start(): Promise<void> {
    this.#become("sending");
    const [earlier] = await this.#upload.findPreviousUploads();
    if (earlier) {
      this.#upload.resumeFromPreviousUpload(earlier);
      this.resumed = true;
    }
    if (this.state === "sending") this.#upload.start();
  }

  async pause(): Promise<void> {
    this.#become("paused");
    await this.#upload.abort();
  }

  resume(): void {
    this.speed.reset();
    this.#become("sending");
    this.#upload.start();
  }

  async cancel(): Promise<void> {
    this.#become("cancelled");
    // The server may be out of reach; it throws unfinished uploads away by itself after a while.
    await this.#upload.abort(this.#upload.url !== null).catch(() => undefined);
  }

  #progress(sent: number): void {
    this.sent = sent;
    this.speed.note(sent);
    if (this.state === "stalled") this.#become("sending");
    else this.dispatchEvent(new Event("progress"));
  }

  /** A refusal is final; anything else (no network, a restarting server) is tried again. */
  #shouldRetry(error: DetailedError): boolean {
    const status = error.originalResponse?.getStatus() ?? 0;
    const again = status === 0 || status === 409 || status === 423 || status === 429 || status >= 500;
    if (again && this.state === "sending") this.#become("stalled");
    return again && status !== 507;
  }

  #fail(error: Error | DetailedError): void {
    if (this.state === "cancelled" || this.state === "paused") return;
    this.failure = reason(error);
    this.lostConnection = !("originalResponse" in error && error.originalResponse);
    this.#become("failed");
  }

  #become(state: State): void {
    this.state = state;
    this.dispatchEvent(new Event("change"));
  }
}

/** What the server said (problem+json), or what probably happened. */
function reason(error: Error | DetailedError): string {
  const answer = "originalResponse" in error ? error.originalResponse : null;
  if (!answer) return t("The connection was lost. What was sent is kept: try again to go on.");
  try {
    const problem = JSON.parse(answer.getBody()) as { detail?: string; title?: string };
    return problem.detail ?? problem.title ?? t("The server refused the file.");
  } catch {
    return answer.getStatus() === 401
      ? t("You are signed out. Sign in again and choose the file once more.")
      : t("The server refused the file.");
  }
}
