// SPDX-License-Identifier: Apache-2.0
import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks";
import { Bus } from "../bus.ts";
import { Store } from "../model/store.ts";
import { languages, type Language } from "../strings.ts";
import { Announcer } from "./announcer.tsx";
import { Banner, Header } from "./header.tsx";
import { Cards } from "./cards.tsx";
import { DeskContext } from "./context.ts";
import { Events } from "./events.tsx";
import { Tree, type Selection } from "./tree.tsx";
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
  const pending = useRef<number | null>(null);

  const { store, bus } = useMemo(() => {
    const store = new Store();
    const bus = new Bus(store, () => {
      void bus.refresh();
      pending.current ??= window.setTimeout(() => {
        pending.current = null;
        set_now(performance.now());
      }, draw_interval_ms);
    });
    return { store, bus };
  }, []);

  useEffect(() => {
    void bus.run();
    const timer = window.setInterval(() => {
      store.check(performance.now());
      void bus.refresh();
      set_now(performance.now());
    }, tick_ms);
    return () => window.clearInterval(timer);
  }, []);

  useEffect(() => {
    document.documentElement.lang = language;
    localStorage.setItem(language_key, language);
  }, [language]);

  useEffect(() => {
    if (store.centre) document.title = `${store.centre.name} · Vigie`;
  }, [store.centre?.name]);

  /** The keyboard goes back to where it came from. */
  const close = useCallback(() => set_camera((open) => {
    if (open !== null) document.querySelector<HTMLElement>(`[data-testid=camera-card][data-camera="${open}"]`)?.focus();
    return null;
  }), []);
  const t = languages[language];
  const desk = { t, store, bus, now };

  return (
    <DeskContext.Provider value={desk}>
      <a class="skip" href="#cameras">{t.skip}</a>
      <div class={`desk ${store.is_current(now) ? "" : "not-current"}`}>
        <Header language={language} on_language={set_language} />
        <Banner />
        <Tree selection={selection} on_select={set_selection} />
        <Cards selection={selection} chosen={camera} on_choose={set_camera} on_close={close} />
        <aside class="side">
          <Viewer camera={camera} on_close={close} />
          <Events on_choose={set_camera} />
        </aside>
      </div>
      <Announcer />
    </DeskContext.Provider>
  );
}
