// SPDX-License-Identifier: Apache-2.0
import { useDesk } from "./context.ts";
import { describe_event } from "./events.tsx";
import { place_of } from "./queue.tsx";

/** Tells screen readers the newest event, and at once the most urgent alarm that waits. */
export function Announcer() {
  const { t, store, queue, me } = useDesk();
  const newest = store.events[0];
  const alarm = queue.parts(me).waiting[0];
  return (
    <>
      <div class="visually-hidden" role="status" aria-live="polite">
        {newest ? `${t.events.types[newest.event.type] ?? newest.event.type} : ${describe_event(store, newest.event)}` : ""}
      </div>
      <div class="visually-hidden" role="status" aria-live="assertive">
        {alarm ? t.incidents.new_alarm(`${t.incidents.kinds[alarm.kind] ?? alarm.kind}, ${place_of(store, alarm)}`) : ""}
      </div>
    </>
  );
}
