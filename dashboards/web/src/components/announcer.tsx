// SPDX-License-Identifier: Apache-2.0
import { useDesk } from "./context.ts";
import { describe_event } from "./events.tsx";

/** Tells screen readers the newest event. */
export function Announcer() {
  const { t, store } = useDesk();
  const newest = store.events[0];
  return (
    <div class="visually-hidden" role="status" aria-live="polite">
      {newest ? `${t.events.types[newest.event.type] ?? newest.event.type} : ${describe_event(store, newest.event)}` : ""}
    </div>
  );
}
