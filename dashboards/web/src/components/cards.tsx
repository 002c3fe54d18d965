// SPDX-License-Identifier: Apache-2.0
import { useEffect, useRef, useState } from "preact/hooks";
import { clock_time, decimal, duration } from "../format.ts";
import { is_problem, type Store } from "../model/store.ts";
import type { Camera } from "../model/types.ts";
import { useDesk } from "./context.ts";
import { Icon, StateIcon } from "./icons.tsx";
import { is_typing } from "./keyboard.ts";
import type { Selection } from "./tree.tsx";

interface CardsProps {
  selection: Selection;
  chosen: string | null;
  on_choose: (camera: string) => void;
  on_close: () => void;
}

/** Lower case without accents: "Élancourt" is found by "elan". */
const folded = (text: string): string => text.normalize("NFD").replace(/\p{Diacritic}/gu, "").toLowerCase();

function chosen_cameras(store: Store, selection: Selection): readonly string[] {
  switch (selection.kind) {
    case "all": return store.cameras;
    case "commune": return store.sites_of(selection.id).flatMap((site) => store.cameras_of(site));
    case "site": return store.cameras_of(selection.id);
  }
}

function is_found(store: Store, camera: Camera, words: readonly string[]): boolean {
  if (words.length === 0) return true;
  const text = folded(`${camera.id} ${camera.name} ${store.site(camera.site)?.name ?? ""} ${store.commune_name(camera.commune)}`);
  return words.every((word) => text.includes(word));
}

export function Cards({ selection, chosen, on_choose, on_close }: CardsProps) {
  const { t, store, now } = useDesk();
  const [only_problems, set_only_problems] = useState(false);
  const [query, set_query] = useState("");
  const search = useRef<HTMLInputElement>(null);
  const grid = useRef<HTMLDivElement>(null);
  const [focused, set_focused] = useState<string | null>(null);

  useEffect(() => {
    const on_key = (event: KeyboardEvent) => {
      if (event.key === "/" && !is_typing(event.target)) {
        event.preventDefault();
        search.current?.focus();
      } else if (event.key === "Escape") {
        if (event.target === search.current) set_query("");
        else on_close();
      }
    };
    window.addEventListener("keydown", on_key);
    return () => window.removeEventListener("keydown", on_key);
  }, [on_close]);

  const words = folded(query).split(/\s+/).filter((word) => word !== "");
  const all = chosen_cameras(store, selection);
  const shown = all
    .map((id) => store.camera(id))
    .filter((c): c is Camera => c !== undefined && is_found(store, c, words) &&
      (!only_problems || is_problem(store.shown_state(c, now))));
  const tab_stop = shown.some((c) => c.id === focused) ? focused : shown[0]?.id;

  const move = (event: KeyboardEvent) => {
    const cards = Array.from(grid.current?.querySelectorAll<HTMLElement>("[data-testid=camera-card]") ?? []);
    const at = cards.indexOf(document.activeElement as HTMLElement);
    if (at < 0) return;
    const top = cards[0]!.offsetTop;
    const per_row = Math.max(1, cards.findIndex((card) => card.offsetTop > top));
    const row = cards.every((card) => card.offsetTop === top) ? cards.length : per_row;
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -row, ArrowDown: row, Home: -at, End: cards.length - 1 - at }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    cards[Math.min(Math.max(at + step, 0), cards.length - 1)]?.focus();
  };

  return (
    <main class="main" id="cameras">
      <div class="toolbar">
        <h2>{t.cards.title}</h2>
        <div class="segmented" role="group" aria-label={t.cards.title}>
          <button type="button" aria-pressed={!only_problems} onClick={() => set_only_problems(false)} data-testid="filter-all">{t.cards.filter_all}</button>
          <button type="button" aria-pressed={only_problems} onClick={() => set_only_problems(true)} data-testid="filter-problems">{t.cards.filter_problems}</button>
        </div>
        <label class="search">
          <Icon name="search" size={15} />
          <input ref={search} type="search" value={query} placeholder={t.cards.search} aria-label={t.cards.search}
            data-testid="search" onInput={(event) => set_query(event.currentTarget.value)} />
          <kbd>/</kbd>
        </label>
        <span class="shown">{t.cards.shown(shown.length, all.length)}</span>
      </div>
      <div class="grid" ref={grid} onKeyDown={move} data-testid="cards">
        {shown.map((camera) => (
          <Card key={camera.id} camera={camera} is_chosen={camera.id === chosen} is_tab_stop={camera.id === tab_stop}
            on_choose={on_choose} on_focus={set_focused} />
        ))}
        {shown.length === 0 && store.centre && (
          <p class="nothing">{only_problems && words.length === 0 ? t.cards.no_problem : t.cards.none_found}</p>
        )}
      </div>
    </main>
  );
}

interface CardProps {
  camera: Camera;
  is_chosen: boolean;
  is_tab_stop: boolean;
  on_choose: (id: string) => void;
  on_focus: (id: string) => void;
}

function Card({ camera, is_chosen, is_tab_stop, on_choose, on_focus }: CardProps) {
  const { t, store, now } = useDesk();
  const state = store.shown_state(camera, now);
  const node_now = store.node_time(Date.now());
  const cause = t.causes[camera.cause] ?? camera.cause;
  const flows = state === "live" || state === "degraded";
  // While frames flow the node vouches for them; the age is theirs when it last said so.
  const age = camera.last_frame_at === null ? null : (flows ? camera.at : node_now) - camera.last_frame_at;
  const age_text = age === null ? null
    : flows && age < 9950 ? `${decimal(t, Math.max(age, 0) / 1000, 1)} s` : duration(t, age);
  return (
    <button type="button" class={`card ${state}`} tabIndex={is_tab_stop ? 0 : -1} aria-pressed={is_chosen}
      data-testid="camera-card" data-camera={camera.id} data-state={state} data-cause={camera.cause}
      onClick={() => on_choose(camera.id)} onFocus={() => on_focus(camera.id)}>
      <span class="card-name">{camera.name}</span>
      <span class="card-place">
        <span>{store.site(camera.site)?.name ?? camera.site}</span>
        <span class="card-id">{camera.id}</span>
      </span>
      <span class="card-state">
        <StateIcon state={state} />
        <b>{t.states[state]}</b>
        {flows && age_text !== null && <span class="card-age" title={t.cards.frame_age_title}><Icon name="frame" size={11} />{age_text}</span>}
      </span>
      {state !== "unknown" && cause !== "" && <span class="card-cause">{cause}</span>}
      <span class="card-since">
        {state === "unknown" ? t.cards.last_known(t.states[camera.state])
          : t.cards.since(clock_time(t, camera.since, node_now), duration(t, node_now - camera.since))}
      </span>
      <span class="card-figures">
        {flows ? t.cards.rate(decimal(t, camera.fps, 1), decimal(t, camera.kbps, 0))
          : age_text === null ? t.cards.no_frame : t.cards.last_frame(age_text)}
      </span>
    </button>
  );
}
