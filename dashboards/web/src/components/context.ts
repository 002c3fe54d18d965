// SPDX-License-Identifier: Apache-2.0
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Bus } from "../bus.ts";
import type { IncidentQueue } from "../model/incident_queue.ts";
import type { Store } from "../model/store.ts";
import { languages, type Strings } from "../strings.ts";

export interface Desk {
  readonly t: Strings;
  readonly store: Store;
  readonly queue: IncidentQueue;
  readonly bus: Bus;
  /** The name under which this page speaks on the bus. */
  readonly me: string;
  /** Monotonic, moves every second and with every change of the store. */
  readonly now: number;
}

export const DeskContext = createContext<Desk>({ t: languages.fr } as Desk);
export const useDesk = (): Desk => useContext(DeskContext);
