// Sizes, speeds and lengths as people read them.
import { locale, t } from "./words";

const units = ["bytes", "kB", "MB", "GB", "TB"];

/** `12.4 MB`, in powers of 1000. */
export function bytes(size: number): string {
  let power = 0;
  while (size >= 999.5 && power < units.length - 1) {
    size /= 1000;
    power += 1;
  }
  const digits = power === 0 || size >= 99.95 ? 0 : 1;
  return `${size.toLocaleString(locale, { maximumFractionDigits: digits })}\u00a0${units[power]}`;
}

/** `9:56`, or `1:02:03` from an hour on. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (n: number) => String(n).padStart(2, "0");
  const minutes = Math.floor(whole / 60) % 60;
  const hours = Math.floor(whole / 3600);
  return hours ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/** `about 3 minutes`, coarse enough not to flicker. */
export function remaining(seconds: number): string {
  if (!Number.isFinite(seconds)) return "";
  if (seconds < 5) return t("a few seconds left");
  if (seconds < 60) return t("{n} seconds left", { n: Math.ceil(seconds / 5) * 5 });
  if (seconds < 3600) return t("{n} min left", { n: Math.ceil(seconds / 60) });
  return t("{n} h {m} min left", { n: Math.floor(seconds / 3600), m: Math.ceil((seconds % 3600) / 60) });
}

export function percent(part: number): string {
  return part.toLocaleString(locale, { style: "percent", maximumFractionDigits: 0 });
}
