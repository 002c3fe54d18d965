// SPDX-License-Identifier: Apache-2.0
import { useEffect, useRef } from "preact/hooks";
import { clock_time, duration } from "../format.ts";
import type { Incident } from "../model/incident.ts";
import { neighbour } from "../model/incident_queue.ts";
import { is_typing } from "./keyboard.ts";
import { RefusalNote } from "./refusal.tsx";
import { useDesk } from "./context.ts";

/** How loud an incident is drawn; the figure itself stands beside it. */
export const urgency = (score: number): "high" | "middle" | "low" => (score >= 100 ? "high" : score >= 60 ? "middle" : "low");

/** The alarms in the centre's order, waiting ones on top. G brings the keyboard here from anywhere. */
export function Queue({ chosen, on_choose }: { chosen: string | null; on_choose: (id: string) => void }) {
  const { t, queue, me } = useDesk();
  const parts = queue.parts(me);
  const list = useRef<HTMLDivElement>(null);
  const entry_of = (id: string) => list.current?.querySelector<HTMLElement>(`[data-incident="${CSS.escape(id)}"]`);

  useEffect(() => {
    const on_key = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "g" || event.ctrlKey || event.metaKey || event.altKey || is_typing(event.target)) return;
      const first = chosen ?? neighbour(parts, null, 0);
      if (first === null) return;
      event.preventDefault();
      entry_of(first)?.focus();
    };
    window.addEventListener("keydown", on_key);
    return () => window.removeEventListener("keydown", on_key);
  });

  const move = (event: KeyboardEvent) => {
    const step = { ArrowUp: -1, ArrowDown: 1, Home: -10_000, End: 10_000 }[event.key];
    const at = (document.activeElement as HTMLElement | null)?.dataset["incident"];
    if (step === undefined || at === undefined) return;
    event.preventDefault();
    const next = neighbour(parts, at, step);
    if (next !== null) entry_of(next)?.focus();
  };

  const section = (name: "waiting" | "mine" | "others" | "closed", incidents: readonly Incident[]) =>
    incidents.length > 0 && (
      <section class={`queue-part ${name}`} data-testid={`queue-${name}`} data-count={incidents.length}>
        <h3>{t.incidents[name]} <span class="badge neutral">{incidents.length}</span></h3>
        <ol>
          {incidents.map((i) => <li key={i.id}><Entry incident={i} is_chosen={i.id === chosen} on_choose={on_choose} /></li>)}
        </ol>
      </section>
    );

  return (
    <div class="queue" ref={list} onKeyDown={move} data-testid="queue" aria-label={t.incidents.title}>
      {queue.refusal && <RefusalNote error={queue.refusal} />}
      {queue.size === 0 && !queue.refusal && (queue.needs_list ? <p class="nothing">{t.banner.loading}</p>
        : <p class="nothing"><b>{t.incidents.none}</b><br />{t.incidents.none_hint}</p>)}
      {section("waiting", parts.waiting)}
      {section("mine", parts.mine)}
      {section("others", parts.others)}
      {queue.has_more && <p class="queue-keys">{t.incidents.more}</p>}
      {section("closed", parts.closed)}
      {queue.size > 0 && <p class="queue-keys">{t.incidents.keys}</p>}
    </div>
  );
}

function Entry({ incident: i, is_chosen, on_choose }: { incident: Incident; is_chosen: boolean; on_choose: (id: string) => void }) {
  const { t, store, me } = useDesk();
  const now = store.node_time(Date.now());
  const is_over = i.state === "closed";
  return (
    <button type="button" class={`alarm ${urgency(i.score)} ${i.state}`} aria-pressed={is_chosen} data-testid="alarm"
      data-incident={i.id} data-state={i.state} data-score={i.score} data-owner={i.owner} onClick={() => on_choose(i.id)}>
      <span class="alarm-score" title={t.incidents.priority(i.score)}>{is_over ? "–" : i.score}</span>
      <span class="alarm-text">
        <span class="alarm-kind">
          <b>{t.incidents.kinds[i.kind] ?? i.kind}</b>
          <time>{is_over ? clock_time(t, i.since, now) : duration(t, now - i.raised_at)}</time>
        </span>
        <span class="alarm-place">{place_of(store, i)}</span>
        <span class="alarm-state">
          <span>{t.incidents.states[i.state] ?? i.state}</span>
          {i.owner !== "" && !is_over && <span>· {i.owner === me ? t.incidents.you : i.owner}</span>}
          {i.signals > 1 && <span class="badge neutral">{t.incidents.signals(i.signals)}</span>}
          {i.is_exercise && <span class="exercise-tag">{t.incidents.exercise}</span>}
        </span>
      </span>
    </button>
  );
}

/** "Collège Victor-Hugo · Argenteuil" */
export function place_of(store: { site(id: string): { name: string } | undefined; commune_name(id: string): string }, i: Incident): string {
  return [i.site === "" ? "" : store.site(i.site)?.name ?? i.site, i.commune === "" ? "" : store.commune_name(i.commune)]
    .filter((part) => part !== "").join(" · ");
}
