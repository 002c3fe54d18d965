// SPDX-License-Identifier: Apache-2.0
import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks";
import { Bus } from "../bus.ts";
import { IncidentQueue } from "../model/incident_queue.ts";
import { Store } from "../model/store.ts";
import { languages, type Language } from "../strings.ts";
import { Announcer } from "./announcer.tsx";
import { Banner, Header } from "./header.tsx";
import { Cards } from "./cards.tsx";
import { DeskContext } from "./context.ts";
import { Events } from "./events.tsx";
import { IncidentPanel } from "./incident_panel.tsx";
import { Rail } from "./rail.tsx";
import { SignInScreen } from "./sign_in.tsx";
import type { Selection } from "./tree.tsx";
import { Viewer } from "./viewer.tsx";

/** Changes come in bursts; the page is drawn at most this often. */
const draw_interval_ms = 60;
const tick_ms = 1000;
const language_key = "vigie.language";

function initial_language(): Language {
  const asked = new URLSearchParams(location.search).get("lang") ?? localStorage.getItem(language_key);
  return asked === "en" ? "en" : "fr";
}

export function App() {
  const [now, set_now] = useState(() => performance.now());
  const [language, set_language] = useState(initial_language);
  const [selection, set_selection] = useState<Selection>({ kind: "all" });
  const [camera, set_camera] = useState<string | null>(null);
  /** An alarm brought the camera here: the keyboard stays with the alarm. */
  const [is_brought, set_brought] = useState(false);
  const pending = useRef<number | null>(null);

  const [incident, set_incident] = useState<string | null>(null);

  const { store, queue, bus } = useMemo(() => {
    const store = new Store();
    const queue = new IncidentQueue();
    const bus = new Bus(store, queue, () => {
      void bus.refresh();
      pending.current ??= window.setTimeout(() => {
        pending.current = null;
        set_now(performance.now());
      }, draw_interval_ms);
    });
    return { store, queue, bus };
  }, []);

  useEffect(() => {
    void bus.run();
    const timer = window.setInterval(() => {
      store.check(performance.now());
      queue.check(performance.now());
      void bus.refresh();
      set_now(performance.now());
    }, tick_ms);
    return () => window.clearInterval(timer);
  }, []);

  useEffect(() => {
    document.documentElement.lang = language;
    localStorage.setItem(language_key, language);
  }, [language]);

  /** Told in the title, for who has another page in front. */
  const waiting = queue.parts(bus.user).waiting.length;
  useEffect(() => {
    if (store.centre) document.title = `${waiting > 0 ? `(${waiting}) ` : ""}${store.centre.name} · Vigie`;
  }, [store.centre?.name, waiting]);

  /** The keyboard goes back to where it came from. */
  const close = useCallback(() => set_camera((open) => {
    if (open !== null) document.querySelector<HTMLElement>(`[data-testid=camera-card][data-camera="${open}"]`)?.focus();
    return null;
  }), []);
  const leave = useCallback(() => set_incident((open) => {
    if (open !== null) document.querySelector<HTMLElement>(`[data-incident="${CSS.escape(open)}"]`)?.focus();
    return null;
  }), []);
  /** The alarm's own camera comes to the right, ready to be asked for. */
  const open_incident = useCallback((id: string) => {
    set_incident(id);
    const seen = queue.get(id)?.camera;
    if (!seen || !store.camera(seen)) return;
    set_brought(true);
    set_camera(seen);
  }, []);
  const choose = useCallback((id: string) => {
    set_brought(false);
    set_camera(id);
  }, []);
  const is_signed_out = bus.sign_in.state.kind === "wanted" || bus.sign_in.state.kind === "trying";
  // No image outlives the person who asked for it.
  useEffect(() => {
    if (!is_signed_out) return;
    set_camera(null);
    set_incident(null);
  }, [is_signed_out]);
  const t = languages[language];
  const desk = { t, store, queue, bus, now, me: bus.user };
  const opened = incident === null ? undefined : queue.get(incident);

  return (
    <DeskContext.Provider value={desk}>
      <a class="skip" href="#cameras">{t.skip}</a>
      <div class={`desk ${store.is_current(now) ? "" : "not-current"}`} inert={is_signed_out}>
        <Header language={language} on_language={set_language} />
        <Banner />
        <Rail selection={selection} on_select={(s) => { set_incident(null); set_selection(s); }} incident={incident} on_incident={open_incident} />
        {opened ? <IncidentPanel incident={opened} on_close={leave} />
          : <Cards selection={selection} chosen={camera} on_choose={choose} on_close={close} />}
        <aside class="side">
          <Viewer camera={camera} incident={opened && opened.state !== "closed" ? opened.id : null} takes_focus={!is_brought} on_close={close} />
          <Events on_choose={choose} />
        </aside>
      </div>
      <SignInScreen />
      <Announcer />
    </DeskContext.Provider>
  );
}
