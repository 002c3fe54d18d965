// SPDX-License-Identifier: Apache-2.0
import { useState } from "preact/hooks";
import { clock_time, decimal } from "../format.ts";
import { heartbeat_limit_ms } from "../model/store.ts";
import type { ShownState } from "../model/types.ts";
import type { Language } from "../strings.ts";
import { useDesk } from "./context.ts";
import { Logo, StateIcon } from "./icons.tsx";
import { RefusalNote } from "./refusal.tsx";

const counted: readonly ShownState[] = ["live", "degraded", "down", "starting", "unknown"];
/** Counters that only matter when they count something. */
const occasional: ReadonlySet<ShownState> = new Set<ShownState>(["starting", "unknown"]);

export function Header({ language, on_language }: { language: Language; on_language: (l: Language) => void }) {
  const { t, store, bus, now } = useDesk();
  const person = bus.sign_in.state;
  const counts = store.counts(store.cameras, now);
  const age = store.heartbeat_age(now);
  const is_current = store.is_current(now);
  return (
    <header class="header">
      <div class="brand">
        <Logo />
        <div>
          <h1 data-testid="centre-name">{store.centre?.name ?? t.app}</h1>
          <p>{t.console}</p>
        </div>
      </div>
      <dl class="counters">
        {counted.map((state) => (
          <div key={state} data-testid={`count-${state}`} data-count={counts[state]}
            class={`counter ${state} ${counts[state] === 0 ? "zero" : ""} ${occasional.has(state) && counts[state] === 0 ? "hidden" : ""}`}>
            <dt><StateIcon state={state} />{t.counters[state]}</dt>
            <dd>{counts[state]}</dd>
          </div>
        ))}
      </dl>
      <div class="status">
        <div class={`heartbeat ${is_current ? "ok" : "bad"}`} data-testid="heartbeat">
          <span class="pulse" aria-hidden="true" key={is_current ? Math.floor(store.node_time(Date.now()) / 1000) : 0} />
          <span>
            <b>{t.header.heartbeat}</b>{" "}
            {age === null ? t.header.no_heartbeat : t.header.heartbeat_age(`${decimal(t, Math.min(age, 3_600_000) / 1000, age < 9950 ? 1 : 0)} s`)}
          </span>
        </div>
        <time class="clock">{clock_time(t, store.node_time(Date.now()))}</time>
        {person.kind === "signed_in" && (
          <span class="person">
            <b data-testid="person" title={person.with.user}>{bus.person?.full_name || person.with.user}</b>
            {bus.person && <Duty is_on={bus.person.is_on_duty} />}
            <button type="button" class="quiet" onClick={() => bus.sign_in.sign_out()} data-testid="sign-out">{t.sign_in.out}</button>
          </span>
        )}
        <button type="button" class="quiet" title={t.header.language_title} lang={language === "fr" ? "en" : "fr"}
          onClick={() => on_language(language === "fr" ? "en" : "fr")}>
          {t.header.language}
        </button>
      </div>
    </header>
  );
}

/** Whether the person is on duty, and the way there and back: off duty the law shows no image and the desk takes no act. */
function Duty({ is_on }: { is_on: boolean }) {
  const { t, bus } = useDesk();
  const [error, set_error] = useState<unknown>(null);
  const change = () => bus.set_duty(!is_on, is_on ? t.sign_in.duty_ends : t.sign_in.duty_begins).then(() => set_error(null), set_error);
  return (
    <span class="duty" data-testid="duty" data-on={is_on}>
      <button type="button" class={is_on ? "quiet" : "quiet off"} aria-pressed={is_on} onClick={() => void change()}>
        {is_on ? t.sign_in.on_duty : t.sign_in.off_duty}
      </button>
      {error !== null && <div class="duty-refusal"><RefusalNote error={error} /></div>}
    </span>
  );
}

/** Says that what is shown is not certain any more. */
export function Banner() {
  const { t, store, now } = useDesk();
  if (store.is_current(now)) return <div class="banner-place" />;
  const age = store.heartbeat_age(now);
  if (!store.centre) return <div class="banner-place"><div class="banner calm" role="status">{t.banner.loading}</div></div>;
  const silent_since = clock_time(t, Date.now() - (age ?? now - (store.lost_at ?? now)));
  const is_silent = store.is_connected && age !== null && age > heartbeat_limit_ms;
  return (
    <div class="banner-place">
      <div class="banner" role="alert" data-testid="banner">
        <StateIcon state="unknown" size={18} />
        <strong>{is_silent ? t.banner.node_silent : t.banner.bus_cut}</strong>
        <span>{is_silent ? t.banner.node_silent_text(silent_since) : t.banner.bus_cut_text(silent_since)}</span>
      </div>
    </div>
  );
}
