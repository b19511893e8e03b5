// What the islands say. English text is the key; other languages come from the same catalogues as the pages.

type Values = Record<string, string | number>;

const address = document.body.dataset.strings;
const strings: Record<string, string> = address ? await load(address) : {};

/** The text in the page's language, with `{name}` replaced by `values.name`. */
export function t(text: string, values: Values = {}): string {
  return (strings[text] ?? text).replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

export const locale = document.documentElement.lang || "en";

async function load(url: string): Promise<Record<string, string>> {
  try {
    const answer = await fetch(url);
    return answer.ok ? ((await answer.json()) as Record<string, string>) : {};
  } catch {
    return {}; // English is better than no player
  }
}
