// SPDX-License-Identifier: Apache-2.0
// The console's only way to the centre: NATS over WebSocket.
import { errors as nats_errors, wsconnect, type NatsConnection } from "@nats-io/nats-core";
import { read_events, read_live_grant, read_replay_grant, read_snapshot } from "./model/decode.ts";
import type { ActVerb, Incident } from "./model/incident.ts";
import { read_incident, read_incident_file, read_incidents, read_place, type IncidentFile } from "./model/incident_decode.ts";
import type { IncidentQueue } from "./model/incident_queue.ts";
import { object, parse_object, refuse_errors, text } from "./model/json.ts";
import { read_person, type Person } from "./model/person.ts";
import { SignIn, type Door } from "./model/sign_in.ts";
import { whole_snapshot } from "./model/snapshot.ts";
import { most_events, type Store } from "./model/store.ts";
import { Refusal, type Camera, type LiveGrant, type ReplayGrant } from "./model/types.ts";

const request_timeout_ms = 5000;
const ping_interval_ms = 2000;
const retry_floor_ms = 400;
const retry_ceiling_ms = 5000;

/** What an access names (LEG-03, LEG-10, LEG-33). */
export interface Access {
  readonly purpose: string;
  readonly reason: string;
}

/** What a person adds to an act; which of them the act wants, the act knows. */
export interface ActWords {
  readonly verdict?: string;
  readonly recipient?: string;
  readonly text?: string;
}

/** The server knows no such name and password, or the person's account was withdrawn. */
const is_refusal = (error: unknown): boolean =>
  error instanceof nats_errors.AuthorizationError || error instanceof nats_errors.UserAuthenticationExpiredError;

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

async function fetch_door(): Promise<Door> {
  const reply = await fetch("/console.json", { cache: "no-store" });
  if (!reply.ok) throw new Error(`console.json: ${reply.status}`);
  const bus = object(object(await reply.json())?.["bus"]) ?? {};
  return { url: text(bus["url"]), user: text(bus["user"]), password: text(bus["password"]) };
}

export class Bus {
  #connection: NatsConnection | null = null;
  #user = "console";
  #is_asking = false;
  readonly sign_in = new SignIn(() => {
    if (this.sign_in.state.kind === "wanted") void this.#connection?.close();
    this.changed();
  });

  /** Who is signed in, what the role includes, what the bus lets it hear; null while not connected. */
  person: Person | null = null;

  /** The name under which this page speaks. */
  get user(): string { return this.#user; }

  constructor(
    private readonly store: Store,
    private readonly queue: IncidentQueue,
    private readonly changed: () => void,
  ) {}

  /** Connects and stays connected; passwords change with every start of the centre, so each attempt asks anew. */
  async run(): Promise<never> {
    for (let delay = retry_floor_ms; ; delay = Math.min(delay * 2, retry_ceiling_ms)) {
      try {
        const door = await fetch_door();
        const credentials = await this.sign_in.credentials(door);
        this.#user = credentials.user;
        const connection = await wsconnect({
          servers: [door.url],
          user: credentials.user,
          pass: credentials.password,
          // The bus lets nobody listen to inboxes but the own ones.
          inboxPrefix: `_INBOX_${credentials.user}`,
          name: "vigie console",
          reconnect: false,
          timeout: 8000,
          pingInterval: ping_interval_ms,
          maxPingOut: 2,
          ignoreClusterUpdates: true,
        });
        this.#connection = connection;
        this.sign_in.accepted();
        delay = retry_floor_ms;
        this.person = read_person(await this.#ask("people.me", {}));
        this.#listen(connection, this.person.subjects);
        this.store.connected(true, performance.now());
        this.queue.request_list();
        this.changed();
        if (is_refusal(await connection.closed())) this.sign_in.refused();
      } catch (error) {
        // Otherwise reported by the banner: the store is not connected.
        if (is_refusal(error)) this.sign_in.refused();
        void this.#connection?.close();
      }
      this.person = null;
      this.#connection = null;
      this.store.connected(false, performance.now());
      this.changed();
      await pause(delay * (0.5 + Math.random() / 2));
    }
  }

  #listen(connection: NatsConnection, subjects: readonly string[]): void {
    for (const subject of subjects) {
      const is_of_incidents = subject.startsWith("vigie.v1.incident.");
      connection.subscribe(subject, {
        callback: (error, message) => {
          if (error) return;
          if (is_of_incidents) {
            const body = parse_object(message.string());
            const incident = body && read_incident(body);
            if (!incident) return;
            this.queue.note_place(read_place(body));
            this.queue.apply(incident, performance.now());
          } else {
            this.store.apply(message.string(), performance.now());
          }
          this.changed();
        },
      });
    }
  }

  /** Comes on duty, or goes off duty. */
  async set_duty(on_duty: boolean, reason: string): Promise<void> {
    this.person = read_person(await this.#ask("people.duty", { on_duty, reason }));
    this.changed();
  }

  /** Gets a snapshot and the recent events if the store wants them; call it every so often. */
  async refresh(): Promise<void> {
    if (!(this.store.needs_snapshot || this.store.needs_events || this.queue.needs_list) || this.#is_asking || !this.#connection) return;
    this.#is_asking = true;
    try {
      if (this.store.needs_snapshot) {
        const snapshot = await whole_snapshot(async (commune) => {
          const body = parse_object(await this.#ask("state.snapshot", commune === undefined ? {} : { commune }));
          return body && read_snapshot(body, performance.now());
        });
        if (snapshot) this.store.apply_snapshot(snapshot, performance.now());
      }
      if (this.store.needs_events)
        this.store.apply_events(read_events(await this.#ask("events.recent", { limit: most_events })));
      if (this.queue.needs_list) {
        const asked_at = performance.now();
        const reply = await this.#ask("incidents.list", {});
        try {
          this.queue.apply_list(read_incidents(reply), asked_at, performance.now());
        } catch (error) {
          if (error instanceof Refusal) this.queue.note_refused(error, performance.now());
        }
      }
    } catch {
      await pause(retry_floor_ms);
    } finally {
      this.#is_asking = false;
      this.changed();
    }
  }

  async open_live(camera: Camera, access: Access): Promise<LiveGrant> {
    return read_live_grant(await this.#ask("live.open", { ...named(camera, access) }));
  }

  async open_replay(camera: Camera, access: Access, from: number, to: number): Promise<ReplayGrant> {
    const range = { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
    return read_replay_grant(await this.#ask("replay.open", { ...named(camera, access), ...range }));
  }

  incident_file = async (id: string): Promise<IncidentFile | null> =>
    read_incident_file(await this.#ask("incidents.show", { incident: id }));

  /** Does it or throws the Refusal. The answer is the incident as it stands then. */
  async act(incident: Incident, verb: ActVerb, words: ActWords): Promise<void> {
    const reply = await this.#ask(`incidents.${verb}`, {
      incident: incident.id, authority: incident.commune, revision: incident.revision,
      sent_at: new Date(this.store.node_time(Date.now())).toISOString(), ...words,
    });
    const moved = read_incident(object(refuse_errors(parse_object(reply), "incident_done")["incident"]) ?? {});
    if (moved) this.queue.apply(moved, performance.now());
    this.changed();
  }

  async #ask(service: string, body: Record<string, unknown>): Promise<string> {
    if (!this.#connection) throw new Refusal("bus_down", null, "the bus is down", "le bus est coupé", null);
    const subject = `vigie.v1.request.${this.#user}.${service}`;
    const request = JSON.stringify({ v: 1, correlation: new_correlation(), ...body });
    try {
      return (await this.#connection.request(subject, request, { timeout: request_timeout_ms })).string();
    } catch {
      throw new Refusal("bus_down", null, "the centre does not answer", "le centre ne répond pas", null);
    }
  }
}

const named = (camera: Camera, access: Access) => ({
  camera: camera.id,
  authority: camera.authority,
  purpose: access.purpose,
  reason: access.reason,
});

/** Unlike crypto.randomUUID, this works on pages that came over plain HTTP. */
function new_correlation(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
}
