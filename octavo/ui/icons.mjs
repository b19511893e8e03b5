// Octavo's own mark, a sheet that folds into eight leaves, as SVG and as the PNGs that installed apps need.
import { deflateSync } from "node:zlib";

const LEAVES = [
  [138, 119, 255],
  [205, 110, 240],
  [66, 190, 125],
  [240, 104, 138],
  [235, 130, 60],
  [52, 178, 205],
  [222, 170, 50],
  [240, 112, 84],
];
const GROUND = [22, 23, 34];

/** Left, top, width and height of the eight leaves on a sheet of 32 by 32. */
const PLACES = LEAVES.map((_, n) => [6.5 + (n % 4) * 5, 6.5 + Math.floor(n / 4) * 10, 4, 9]);

export function markSvg() {
  const leaves = PLACES.map(
    ([x, y, width, height], n) =>
      `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="1" fill="rgb(${LEAVES[n]})"/>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7.5" fill="rgb(${GROUND})"/>${leaves.join("")}</svg>`;
}

/** The mark as a PNG of `size` pixels. A maskable icon fills its square, because the system cuts the shape. */
export function appIcon(size, { maskable }) {
  const samples = 3;
  const rows = Buffer.alloc(size * (size * 4 + 1));
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const sum = [0, 0, 0, 0];
      for (let n = 0; n < samples * samples; n++) {
        const u = ((x + ((n % samples) + 0.5) / samples) / size) * 32;
        const v = ((y + (Math.floor(n / samples) + 0.5) / samples) / size) * 32;
        const [colour, opacity] = colourAt(u, v, maskable);
        for (let c = 0; c < 3; c++) sum[c] += colour[c] * opacity;
        sum[3] += opacity;
      }
      const at = y * (size * 4 + 1) + 1 + x * 4;
      for (let c = 0; c < 3; c++) rows[at + c] = sum[3] ? Math.round(sum[c] / sum[3]) : 0;
      rows[at + 3] = Math.round((255 * sum[3]) / (samples * samples));
    }
  }
  return png(size, rows);
}

function colourAt(u, v, maskable) {
  const leaf = PLACES.findIndex(([x, y, width, height]) => insideRounded(u - x, v - y, width, height, 1));
  if (leaf >= 0) return [LEAVES[leaf], 1];
  return [GROUND, maskable || insideRounded(u, v, 32, 32, 7.5) ? 1 : 0];
}

function insideRounded(x, y, width, height, radius) {
  if (x < 0 || y < 0 || x > width || y > height) return false;
  const dx = Math.max(radius - x, x - (width - radius), 0);
  const dy = Math.max(radius - y, y - (height - radius), 0);
  return dx * dx + dy * dy <= radius * radius;
}

/** A PNG of 8-bit RGBA rows, each led by its filter byte (RFC 2083). */
function png(size, rows) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header.set([8, 6, 0, 0, 0], 8);
  const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
  return Buffer.concat([
    signature,
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(rows, { level: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, "ascii"), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}

function crc32(bytes) {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (0xedb88320 & -(crc & 1));
  }
  return ~crc >>> 0;
}
