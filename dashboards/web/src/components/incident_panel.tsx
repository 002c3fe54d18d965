// SPDX-License-Identifier: Apache-2.0
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { ActWords } from "../bus.ts";
import { clock_time, duration } from "../format.ts";
import { acts_of, is_closed, type Act, type ActVerb, type Incident } from "../model/incident.ts";
import type { IncidentFile } from "../model/incident_decode.ts";
import { ActForm } from "./act_form.tsx";
import { useDesk } from "./context.ts";
import { Icon } from "./icons.tsx";
import { IncidentLog } from "./incident_log.tsx";
import { is_typing } from "./keyboard.ts";
import { place_of, urgency } from "./queue.tsx";
import { RefusalNote } from "./refusal.tsx";

/** One incident: what it is, why it stands where it stands, what can be done, and what was done. */
export function IncidentPanel({ incident: i, on_close }: { incident: Incident; on_close: () => void }) {
  const { t, store, me } = useDesk();
  const now = store.node_time(Date.now());
  const file = useFile(i);
  useEffect(() => {
    const on_key = (event: KeyboardEvent) => { if (event.key === "Escape") on_close(); };
    window.addEventListener("keydown", on_key);
    return () => window.removeEventListener("keydown", on_key);
  }, [on_close]);
  return (
    <main class="incident" id="cameras" data-testid="incident" data-incident={i.id} data-state={i.state} data-revision={i.revision}>
      {i.is_exercise && (
        <p class="exercise-band" role="note" data-testid="exercise"><b>{t.incidents.exercise}</b> {t.incidents.exercise_text}</p>
      )}
      <header class={`incident-head ${urgency(i.score)}`}>
        <div>
          <h2>{t.incidents.kinds[i.kind] ?? i.kind}</h2>
          <p class="incident-place">{place_of(store, i)}</p>
          <p class="incident-facts">
            {t.incidents.signalled_by(t.incidents.origins[i.origin] ?? i.origin, i.source)} ·{" "}
            {t.incidents.raised(clock_time(t, i.raised_at, now), duration(t, now - i.raised_at))}
            {i.signals > 1 && <> · {t.incidents.signals(i.signals)}</>}
          </p>
        </div>
        <span class="incident-state">
          <span class={`chip ${i.state}`}>{t.incidents.states[i.state] ?? i.state}</span>
          {i.owner !== "" && <span>{i.owner === me ? t.incidents.you : t.incidents.owner(i.owner)}</span>}
        </span>
        <button type="button" class="quiet square" aria-label={t.incidents.close_panel} title={`${t.incidents.close_panel} (Esc)`}
          onClick={on_close}><Icon name="close" /></button>
      </header>
      {!is_closed(i) && <Priority incident={i} />}
      <Acts key={i.id} incident={i} file={file} />
      <dl class="incident-found">
        {i.verdict && (
          <div><dt>{t.incidents.verdict}</dt>
            <dd><b>{t.incidents.verdicts[i.verdict.kind] ?? i.verdict.kind}</b> {t.incidents.verdict_by(i.verdict.author === me ? t.incidents.you : i.verdict.author)}
              {i.verdict.reason !== "" && <q>{i.verdict.reason}</q>}</dd></div>
        )}
        {i.proposed !== null && (
          <div><dt>{t.incidents.told}</dt><dd data-testid="told"><b>{t.incidents.recipients[i.proposed] ?? i.proposed}</b>
            {i.delivery && <Delivery delivery={i.delivery} />}</dd></div>
        )}
      </dl>
      <IncidentLog file={file} />
    </main>
  );
}

/** How far the notification is. */
function Delivery({ delivery: d }: { delivery: NonNullable<Incident["delivery"]> }) {
  const { t } = useDesk();
  const parts = [t.incidents.deliveries[d.state] ?? d.state, d.attempt > 1 ? t.incidents.attempt(d.attempt) : "", d.reference];
  return (
    <span class="delivery" data-testid="delivery" data-state={d.state}>
      {parts.filter((part) => part !== "").join(" · ")}
      {d.detail !== "" && d.state !== "needs_human" && <q>{d.detail}</q>}
    </span>
  );
}

function Priority({ incident: i }: { incident: Incident }) {
  const { t } = useDesk();
  return (
    <p class="priority" data-testid="priority" aria-label={t.incidents.why}>
      <b>{t.incidents.priority(i.score)}</b>
      {i.reasons.map((r) => (
        <span key={r.en} class="priority-term">{t.locale.startsWith("fr") ? r.fr : r.en} <i>{r.points > 0 ? `+${r.points}` : r.points}</i></span>
      ))}
    </p>
  );
}

/** The log and the recipients, read anew whenever the incident moves. */
function useFile(i: Incident): IncidentFile | null {
  const { bus } = useDesk();
  const [file, set_file] = useState<IncidentFile | null>(null);
  useEffect(() => {
    let is_wanted = true;
    bus.incident_file(i.id).then((read) => { if (is_wanted) set_file(read); }, () => undefined);
    return () => { is_wanted = false; };
  }, [i.id, i.revision, i.state]);
  return file?.incident.id === i.id ? file : null;
}

function Acts({ incident: i, file }: { incident: Incident; file: IncidentFile | null }) {
  const { t, bus, me } = useDesk();
  const [wanted, set_wanted] = useState<ActVerb | null>(null);
  const [refusal, set_refusal] = useState<unknown>(null);
  const [is_busy, set_busy] = useState(false);
  const bar = useRef<HTMLDivElement>(null);
  const acts = acts_of(i, me);
  // What is being written stays while the incident moves, as long as it may still be sent.
  const asked = acts.find((act) => act.verb === wanted && act.input !== null);

  const send = async (act: Act, words: ActWords) => {
    set_busy(true);
    set_refusal(null);
    try {
      await bus.act(i, act.verb, words);
      set_wanted((now) => (now === act.verb ? null : now));
      if (act.input !== null) bar.current?.focus();
    } catch (error) {
      set_refusal(error);
    } finally {
      set_busy(false);
    }
  };
  const start = (act: Act) => {
    set_refusal(null);
    if (act.input === null) void send(act, {});
    else set_wanted(act.verb);
  };

  // At once with what is shown: a key belongs to the act that the screen offers.
  useLayoutEffect(() => {
    const on_key = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || is_typing(event.target)) return;
      const act = acts.find((one) => one.key === event.key.toLowerCase());
      if (!act || (is_busy && act.input === null)) return;
      event.preventDefault();
      start(act);
    };
    window.addEventListener("keydown", on_key);
    return () => window.removeEventListener("keydown", on_key);
  });

  const awaiting = i.owner !== "" && i.owner !== me && !is_closed(i) ? t.incidents.of_other(i.owner) : t.incidents.awaiting[i.state];
  return (
    <div class="acts" ref={bar} tabIndex={-1}>
      {i.delivery?.state === "needs_human" && (
        <section class="to-call" data-testid="to-call"><h3>{t.incidents.to_call}</h3><p>{i.delivery.detail}</p></section>
      )}
      {awaiting && i.delivery?.state !== "needs_human" && <p class="awaiting">{awaiting}</p>}
      <div class="act-bar">
        {acts.map((act) => (
          <button key={act.verb} type="button" class={act.is_next ? "primary big" : "big"} disabled={is_busy} aria-pressed={asked?.verb === act.verb}
            data-testid={`act-${act.verb}`} aria-keyshortcuts={act.key} onClick={() => start(act)}>
            {act.verb === "approve" && i.is_exercise ? t.incidents.approve_exercise : t.incidents.acts[act.verb]}
            <kbd>{act.key.toUpperCase()}</kbd>
          </button>
        ))}
      </div>
      {asked?.input && (
        <ActForm key={asked.verb} input={asked.input} recipients={file?.recipients ?? null} choose={file?.choose ?? []} is_busy={is_busy}
          on_send={(words) => void send(asked, words)} on_cancel={() => { set_wanted(null); bar.current?.focus(); }} />
      )}
      {refusal !== null && <RefusalNote error={refusal} />}
    </div>
  );
}
