// Newer manifests: while a film encodes, better qualities appear under a new version of its manifest.

interface Playback {
  hls_url: string;
}

interface Asset extends Playback {
  state: string;
  manifest_version: number;
}

/** Calls `onNewer` with the address of each newer manifest that the server tells of. */
export function followVersions(
  events: string,
  current: string,
  onNewer: (url: string) => void,
  ask: () => Promise<string>,
): void {
  let version = versionOf(current);
  let justOpened = true;
  const source = new EventSource(events);
  source.addEventListener("open", () => (justOpened = true));
  source.addEventListener("progress", async (event) => {
    const asset = JSON.parse(event.data) as Asset;
    // A version that came out while nobody listened is not announced again.
    const missed = justOpened && version > 0 && asset.manifest_version > version;
    justOpened = false;
    if (missed) {
      version = asset.manifest_version;
      onNewer(await ask());
    }
    if (asset.state === "complete" && asset.manifest_version <= version) source.close();
  });
  source.addEventListener("manifest", (event) => {
    const asset = JSON.parse(event.data) as Asset;
    version = asset.manifest_version;
    onNewer(asset.hls_url);
    if (asset.state === "complete") source.close();
  });
  addEventListener("pagehide", () => source.close());
}

/** Fresh signed addresses, for when the old ones have run out. */
export async function askForManifest(address: string): Promise<string> {
  const answer = await fetch(address, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`no playback: ${answer.status}`);
  return ((await answer.json()) as Playback).hls_url;
}

/** `/play/<token>/<asset>/<version>/master.m3u8` */
function versionOf(url: string): number {
  return Number(/\/(\d+)\/[^/]+\.m3u8/.exec(url)?.[1] ?? 0);
}
