// When Shaka goes on in another quality: as soon as the playlist of that quality is here.
//
// Shaka itself switches first and loads the playlist then. A seek meanwhile begins a second update of the same stream;
// both go on when the playlist comes, side by side, and a segment can be appended before the initialization segment
// that it needs. Browsers then give the film up.
import type shaka from "shaka-player/dist/shaka-player.hls-es2021.js";

type Variant = shaka.extern.Variant;
type SwitchCallback = shaka.extern.AbrManager.SwitchCallback;

/** For `abrFactory`: Shaka's own manager of qualities, whose switches wait for their playlists. */
export function makeAbrManager(library: typeof shaka): shaka.extern.AbrManager {
  let offered: Variant[] = [];
  let newest = 0;

  return new (class extends library.abr.SimpleAbrManager {
    override init(switchTo: SwitchCallback, disableStream: unknown): void {
      const later: SwitchCallback = async (variant, ...how) => {
        newest += 1;
        const own = newest;
        // Another switch may have come meanwhile, or another language or film, which offers other variants.
        if ((await loadPlaylists(variant)) && own === newest && offered.includes(variant)) switchTo(variant, ...how);
      };
      super.init(later, disableStream);
    }

    override setVariants(variants: Variant[], lowLatency: boolean): boolean {
      offered = variants;
      return super.setVariants(variants, lowLatency);
    }
  })();
}

/** False where none came and Shaka has set the variant aside for it. */
async function loadPlaylists({ video, audio }: Variant): Promise<boolean> {
  const streams = [video, audio].filter((stream) => stream && !stream.segmentIndex);
  const loads = await Promise.allSettled(streams.map((stream) => stream?.createSegmentIndex()));
  // What failed outright Shaka meets again when it has switched, and tells.
  return loads.some(({ status }) => status === "rejected") || streams.every((stream) => stream?.segmentIndex);
}
