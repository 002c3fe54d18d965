// SPDX-License-Identifier: Apache-2.0
// Reads members of bodies that may hold anything.
import { Refusal } from "./types.ts";

export type Json = Record<string, unknown>;

export function parse_object(text: string): Json | null {
  try {
    return object(JSON.parse(text));
  } catch {
    return null;
  }
}

export const object = (v: unknown): Json | null =>
  typeof v === "object" && v !== null && !Array.isArray(v) ? (v as Json) : null;
export const text = (v: unknown): string => (typeof v === "string" ? v : "");
export const number = (v: unknown): number => (typeof v === "number" && Number.isFinite(v) ? v : 0);
export const list = (v: unknown): unknown[] => (Array.isArray(v) ? v : []);
export const texts = (v: unknown): string[] => list(v).filter((item): item is string => typeof item === "string");
export const objects = (v: unknown): Json[] => list(v).map(object).filter((item): item is Json => item !== null);

export function time(v: unknown): number | null {
  const parsed = typeof v === "string" ? Date.parse(v) : NaN;
  return Number.isNaN(parsed) ? null : parsed;
}

/** The body of a reply of that kind; throws the refusal that came instead. */
export function refuse_errors(body: Json | null, kind: string): Json {
  if (body?.["kind"] === "error") {
    const e = object(body["error"]) ?? {};
    throw new Refusal(text(e["code"]), text(e["rule"]) || null, text(e["en"]), text(e["fr"]), text(e["who"]) || null);
  }
  if (body?.["kind"] !== kind) throw new Refusal("bus_malformed", null, "unreadable reply", "réponse illisible", null);
  return body;
}
