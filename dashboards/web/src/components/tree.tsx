// SPDX-License-Identifier: Apache-2.0
import { useDesk } from "./context.ts";
import { StateIcon } from "./icons.tsx";
import { is_problem, type Counts } from "../model/store.ts";
import type { ShownState } from "../model/types.ts";

export type Selection =
  | { readonly kind: "all" }
  | { readonly kind: "commune"; readonly id: string }
  | { readonly kind: "site"; readonly id: string };

const total = (c: Counts): number => c.live + c.degraded + c.down + c.starting + c.unknown;
const worst = (c: Counts): ShownState =>
  c.unknown > 0 ? "unknown" : c.down > 0 ? "down" : c.degraded > 0 ? "degraded" : c.starting > 0 ? "starting" : "live";

function Figures({ counts }: { counts: Counts }) {
  const { t } = useDesk();
  const troubles = counts.down + counts.degraded;
  return (
    <span class="figures">
      {troubles > 0 && counts.unknown === 0 && (
        <span class={`badge ${counts.down > 0 ? "down" : "degraded"}`} title={t.tree.troubles(troubles)}>{troubles}</span>
      )}
      <span class="of"><b>{counts.live}</b>/{total(counts)}</span>
    </span>
  );
}

export function Tree({ selection, on_select }: { selection: Selection; on_select: (s: Selection) => void }) {
  const { t, store, now } = useDesk();
  const entry = (s: Selection, name: string, counts: Counts, outage = false) => {
    const id = s.kind === "all" ? "" : s.id;
    const is_chosen = selection.kind === s.kind && (selection.kind === "all" || selection.id === id);
    const state = worst(counts);
    return (
      <button type="button" class={`place ${s.kind} ${is_problem(state) ? "trouble" : ""}`} aria-pressed={is_chosen}
        data-testid={`place-${s.kind}`} data-place={id} data-outage={outage} onClick={() => on_select(s)}>
        {s.kind === "site" && <StateIcon state={outage && state !== "unknown" ? "down" : state} size={11} />}
        <span class="place-name">
          {name}
          {outage && <span class="outage-flag">{t.tree.outage}</span>}
        </span>
        <Figures counts={counts} />
      </button>
    );
  };
  return (
    <div class="tree">
      {entry({ kind: "all" }, t.tree.all, store.counts(store.cameras, now))}
      {store.communes.map((commune) => {
        const sites = store.sites_of(commune.id);
        const cameras = sites.flatMap((site) => store.cameras_of(site));
        return (
          <section key={commune.id}>
            {entry({ kind: "commune", id: commune.id }, commune.name, store.counts(cameras, now))}
            {sites.map((id) => {
              const site = store.site(id);
              const is_out = site?.state === "outage" && store.is_current(now);
              return <div key={id}>{entry({ kind: "site", id }, site?.name ?? id, store.counts(store.cameras_of(id), now), is_out)}</div>;
            })}
          </section>
        );
      })}
    </div>
  );
}
