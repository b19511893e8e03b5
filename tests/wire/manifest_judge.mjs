// hls-parser in strict mode and mpd-parser as judges of a folder of manifests. Prints what they read as one line of JSON.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import HLS from "hls-parser";
import { parse } from "mpd-parser";

const folder = process.argv[2];
HLS.setOptions({ strictMode: true });
const told = { playlists: {}, dash: null };

for (const name of readdirSync(folder).filter((file) => file.endsWith(".m3u8")).sort()) {
  const playlist = HLS.parse(readFileSync(join(folder, name), "utf8"));
  told.playlists[name] = playlist.isMasterPlaylist
    ? {
        variants: playlist.variants.filter((variant) => !variant.isIFrameOnly).map((variant) => variant.uri),
        subtitles: Object.fromEntries(playlist.variants[0].subtitles.map((one) => [one.name, one.uri])),
        keyFrames: playlist.variants.filter((variant) => variant.isIFrameOnly).map((variant) => variant.uri),
      }
    : { segments: playlist.segments.length, type: playlist.playlistType ?? "", ended: playlist.endlist };
}

const complaints = [];
const manifest = readFileSync(join(folder, "manifest.mpd"), "utf8");
const eventHandler = (event) => complaints.push(event);
const read = parse(manifest, { manifestUri: "https://example.org/manifest.mpd", eventHandler });
told.dash = {
  complaints,
  duration: read.duration,
  video: read.playlists.map(({ attributes, sidx }) => ({ name: attributes.NAME, index: sidx.byterange.offset })),
  audio: Object.keys(read.mediaGroups.AUDIO.audio ?? {}),
  subtitles: Object.keys(read.mediaGroups.SUBTITLES.subs ?? {}),
  keys: read.playlists.map(({ contentProtection }) => Object.keys(contentProtection ?? {})),
};
console.log(JSON.stringify(told));
