/** Says things in the reader's language; numbers and instants go by their locale. */
import { de } from "./words/de.js";
import { en, type Words } from "./words/en.js";
import { es } from "./words/es.js";
import { pt } from "./words/pt.js";
import { zhHans } from "./words/zh-Hans.js";

type Key = keyof Words;

const CATALOGUES: Record<string, Words> = { en, de, es, pt, "zh-Hans": zhHans };

const wanted = [new URLSearchParams(location.search).get("lang"), ...navigator.languages].flatMap((tag) => tag ?? []);

/** The language of the pages. */
export const language = wanted.map(nearest).find((tag) => tag !== undefined) ?? "en";

const catalogue = CATALOGUES[language] ?? en;

function nearest(tag: string): string | undefined {
  const lower = tag.toLowerCase();
  if (lower.startsWith("zh")) return "zh-Hans" in CATALOGUES ? "zh-Hans" : undefined;
  const [base] = lower.split("-");
  return base !== undefined && base in CATALOGUES ? base : undefined;
}

/** A sentence of the catalogue, with its places filled. */
export function say(key: Key, values: Record<string, string | number> = {}): string {
  return catalogue[key].replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ""));
}

/** A length of time as a clock shows it: 0:07, 12:30, 1:02:03. */
export function elapsed(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const two = (value: number): string => String(value).padStart(2, "0");
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/** What is left of a time, rounded up: it says 0:00 when nothing is. */
export function left(milliseconds: number): string {
  return elapsed(Math.ceil(milliseconds / 1000) * 1000);
}

const clockFormat = new Intl.DateTimeFormat(wanted[0] ?? "en", { hour: "2-digit", minute: "2-digit" });
const instantFormat = new Intl.DateTimeFormat(wanted[0] ?? "en", {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});

/** The time of day of an instant. */
export function timeOfDay(milliseconds: number, exactly = false): string {
  return (exactly ? instantFormat : clockFormat).format(milliseconds);
}
