// The named places of a film, as its WebVTT track of chapters has them.

export interface Chapter {
  start: number;
  title: string;
}

const CUE = /(?:(\d+):)?(\d+):([\d.]+) --> [^\n]*\n([^\n]+)/g;

/** In the order of the film; none where they cannot be had, since a film plays as well without. */
export async function fetchChapters(address: string): Promise<Chapter[]> {
  const answer = await fetch(address).catch(() => undefined);
  return answer?.ok ? read(await answer.text()) : [];
}

/** The one that plays at that second. */
export function chapterAt(chapters: Chapter[], seconds: number): Chapter | undefined {
  return chapters.findLast(({ start }) => start <= seconds);
}

function read(webvtt: string): Chapter[] {
  return [...webvtt.matchAll(CUE)].map(([, hours, minutes, seconds, text]) => ({
    start: Number(hours ?? 0) * 3600 + Number(minutes) * 60 + Number(seconds),
    title: plain(text ?? ""),
  }));
}

/** Cue text without its entities: the parser turns them into characters, and nothing of it is ever shown as markup. */
function plain(text: string): string {
  return new DOMParser().parseFromString(text, "text/html").documentElement.textContent ?? "";
}
