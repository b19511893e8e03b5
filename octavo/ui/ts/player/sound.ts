// Volume and speed are a person's habit, so the browser remembers them from film to film.
import type { Film } from "./film";

const KEY = "octavo.player";

interface Habit {
  volume: number;
  muted: boolean;
  speed: number;
}

export function rememberSound(film: Film): void {
  const habit = read();
  if (habit) {
    film.video.volume = habit.volume;
    film.video.muted = habit.muted;
    film.speed = habit.speed || 1;
  }
  const write = () => {
    const { volume, muted } = film.video;
    try {
      localStorage.setItem(KEY, JSON.stringify({ volume, muted, speed: film.speed } satisfies Habit));
    } catch {
      // Not remembered, but as loud as wanted.
    }
  };
  film.addEventListener("volumechange", write);
  film.addEventListener("speed", write);
}

function read(): Habit | null {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "null") as Habit | null;
  } catch {
    return null;
  }
}
