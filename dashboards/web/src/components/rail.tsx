// SPDX-License-Identifier: Apache-2.0
import { useState } from "preact/hooks";
import { useDesk } from "./context.ts";
import { Queue } from "./queue.tsx";
import { Tree, type Selection } from "./tree.tsx";

interface Props {
  selection: Selection;
  on_select: (s: Selection) => void;
  incident: string | null;
  on_incident: (id: string) => void;
}

/** The left of the page: alarms first, places behind them. */
export function Rail({ selection, on_select, incident, on_incident }: Props) {
  const { t, queue, me } = useDesk();
  const [wanted, set_shown] = useState<"alarms" | "places">("alarms");
  const shown = queue.has_desk ? wanted : "places";
  const { waiting, mine } = queue.parts(me);
  const urgent = waiting.length + mine.length;
  return (
    <nav class="rail" aria-label={shown === "alarms" ? t.incidents.title : t.tree.title}>
      {queue.has_desk && <div class="segmented wide" role="group">
        <button type="button" aria-pressed={shown === "alarms"} onClick={() => set_shown("alarms")} data-testid="rail-alarms">
          {t.incidents.title}{urgent > 0 && <span class={`badge ${waiting.length > 0 ? "down" : "neutral"}`}>{urgent}</span>}
        </button>
        <button type="button" aria-pressed={shown === "places"} onClick={() => set_shown("places")} data-testid="rail-places">
          {t.incidents.places}
        </button>
      </div>}
      {shown === "alarms" ? <Queue chosen={incident} on_choose={on_incident} /> : <Tree selection={selection} on_select={on_select} />}
    </nav>
  );
}
