// SPDX-License-Identifier: Apache-2.0
import { clock_time } from "../format.ts";
import type { EventEntry, Store } from "../model/store.ts";
import type { BusEvent, ShownState } from "../model/types.ts";
import { useDesk } from "./context.ts";
import { StateIcon } from "./icons.tsx";

const icons: Record<string, ShownState> = {
  camera_down: "down",
  camera_degraded: "degraded",
  camera_restored: "live",
  site_outage: "down",
  site_restored: "live",
  node_started: "starting",
  plugin_fault: "degraded",
  detection: "degraded",
  device_event: "degraded",
};

export function describe_event(store: Store, event: BusEvent): string {
  const site = store.site(event.site)?.name ?? event.site;
  const camera = event.camera === null ? null : store.camera(event.camera)?.name ?? event.camera;
  const commune = event.commune === "" ? "" : store.commune_name(event.commune);
  return [camera, site, commune].filter((part) => part !== null && part !== "" && part !== "_").join(" · ");
}

export function Events({ on_choose }: { on_choose: (camera: string) => void }) {
  const { t, store } = useDesk();
  return (
    <section class="events" aria-label={t.events.title}>
      <h2>{t.events.title}</h2>
      {store.events.length === 0 ? <p class="nothing">{t.events.empty}</p> : (
        <ol data-testid="events">
          {store.events.map((entry) => <Entry key={entry.event.id} entry={entry} on_choose={on_choose} />)}
        </ol>
      )}
    </section>
  );
}

function Entry({ entry, on_choose }: { entry: EventEntry; on_choose: (camera: string) => void }) {
  const { t, store } = useDesk();
  const { event } = entry;
  const is_site = event.type.startsWith("site_");
  const cause = t.causes[event.cause] ?? event.cause;
  const body = (
    <>
      <StateIcon state={icons[event.type] ?? "unknown"} size={13} />
      <time>{clock_time(t, event.at)}</time>
      <span class="event-text">
        <b>{t.events.types[event.type] ?? event.type}</b>
        {cause !== "" && !event.type.endsWith("_restored") && <span class="cause"> · {cause}</span>}
        <span class="event-where">{describe_event(store, event)}</span>
      </span>
    </>
  );
  if (is_site && event.cameras.length > 0)
    return (
      <li class={`event ${event.type}`} data-testid="event" data-type={event.type}>
        <details>
          <summary>{body}<span class="badge neutral">{t.events.cameras(event.cameras.length)}</span></summary>
          <ul>
            {event.cameras.map((id) => (
              <li key={id}><button type="button" class="link" onClick={() => on_choose(id)}>{store.camera(id)?.name ?? id}</button></li>
            ))}
          </ul>
        </details>
      </li>
    );
  const { camera } = event;
  return (
    <li class={`event ${event.type}`} data-testid="event" data-type={event.type}>
      {camera !== null
        ? <button type="button" class="event-button" onClick={() => on_choose(camera)}>{body}</button>
        : <div class="event-button">{body}</div>}
    </li>
  );
}
