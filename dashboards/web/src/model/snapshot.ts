// SPDX-License-Identifier: Apache-2.0
import type { Snapshot } from "./decode.ts";
import type { Camera, Site } from "./types.ts";

/**
 * Asks for the whole centre and, when that does not fit one message, for each commune. The parts are taken
 * one after the other and may be newer than the first reply; its number stays that of the sum, so that
 * what the bus said in between is looked at again. Null: an answer was no snapshot, or the node started anew.
 */
export async function whole_snapshot(ask: (commune?: string) => Promise<Snapshot | null>): Promise<Snapshot | null> {
  const first = await ask();
  if (!first?.partial) return first;
  const sites: Site[] = [];
  const cameras: Camera[] = [];
  for (const commune of first.communes) {
    const part = await ask(commune.id);
    if (part?.stamp.epoch !== first.stamp.epoch) return null;
    sites.push(...part.sites);
    cameras.push(...part.cameras);
  }
  return { ...first, partial: false, sites, cameras };
}
