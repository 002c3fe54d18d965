// SPDX-License-Identifier: Apache-2.0
// Figures and times as people read them. Local time exists here and nowhere else in Vigie.
import type { Strings } from "./strings.ts";

const formats = new Map<string, Intl.DateTimeFormat>();

function format(locale: string, key: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const name = locale + key;
  let found = formats.get(name);
  if (!found) formats.set(name, (found = new Intl.DateTimeFormat(locale, options)));
  return found;
}

/** "14:02:11", with the day when it is not today's. */
export function clock_time(t: Strings, instant: number, now: number = Date.now()): string {
  const time = format(t.locale, "t", { hour: "2-digit", minute: "2-digit", second: "2-digit" }).format(instant);
  const day = format(t.locale, "d", { day: "2-digit", month: "2-digit" });
  return day.format(instant) === day.format(now) ? time : `${day.format(instant)} ${time}`;
}

export const short_time = (t: Strings, instant: number): string =>
  format(t.locale, "s", { hour: "2-digit", minute: "2-digit" }).format(instant);

/** "8 s", "3 min 12 s", "2 h 05 min", "4 j 3 h": two units at most. */
export function duration(t: Strings, ms: number): string {
  const s = Math.max(0, Math.floor(ms / 1000));
  const day = t.locale.startsWith("fr") ? "j" : "d";
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min ${String(s % 60).padStart(2, "0")} s`;
  if (s < 86_400) return `${Math.floor(s / 3600)} h ${String(Math.floor((s % 3600) / 60)).padStart(2, "0")} min`;
  return `${Math.floor(s / 86_400)} ${day} ${Math.floor((s % 86_400) / 3600)} h`;
}

export function decimal(t: Strings, value: number, digits: number): string {
  return value.toLocaleString(t.locale, { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
