// SPDX-License-Identifier: Apache-2.0
import { useEffect, useState } from "preact/hooks";
import type { Access } from "../bus.ts";
import { Refusal, type Camera } from "../model/types.ts";
import { AccessForm, type Wanted } from "./access_form.tsx";
import { useDesk } from "./context.ts";
import { Icon, StateIcon } from "./icons.tsx";
import { LiveView } from "./live_view.tsx";
import { ReplayView } from "./replay_view.tsx";

interface Granted {
  readonly wanted: Wanted;
  readonly access: Access;
}

/** Where images are asked for and shown: one camera at a time, never without a reason (LEG-33). */
export function Viewer({ camera: id, incident, takes_focus, on_close }: {
  camera: string | null;
  /** The alarm that is being looked into. */
  incident: string | null;
  takes_focus: boolean;
  on_close: () => void;
}) {
  const { t, store, now } = useDesk();
  const [granted, set_granted] = useState<Granted | null>(null);
  useEffect(() => set_granted(null), [id]);

  const camera = id === null ? undefined : store.camera(id);
  if (!camera)
    return (
      <section class="viewer empty" aria-label={t.viewer.title}>
        <div class="screen-place">
          <p>{t.viewer.empty}</p>
          <p class="hint">{t.viewer.hint}</p>
        </div>
      </section>
    );
  const state = store.shown_state(camera, now);
  const cause = t.causes[camera.cause] ?? camera.cause;
  return (
    <section class="viewer" aria-label={t.viewer.title} data-testid="viewer" data-camera={camera.id}>
      <header class="viewer-head">
        <div>
          <h2>{camera.name} <span class="card-id">{camera.id}</span></h2>
          <p>{store.site(camera.site)?.name ?? camera.site} · {store.commune_name(camera.commune)}</p>
        </div>
        <span class="viewer-state">
          <span class={`chip ${state}`}><StateIcon state={state} size={12} />{t.states[state]}</span>
          {state !== "unknown" && cause !== "" && <span class="cause">{cause}</span>}
        </span>
        <button type="button" class="quiet square" aria-label={t.viewer.close} title={`${t.viewer.close} (Esc)`} onClick={on_close}>
          <Icon name="close" />
        </button>
      </header>
      {granted
        ? <Showing key={camera.id} camera={camera} granted={granted} on_change={set_granted} />
        : <AccessForm key={camera.id} camera={camera} takes_focus={takes_focus}
            suggestion={incident === null ? null : t.incidents.suggestion(incident)}
            on_open={(wanted, access) => set_granted({ wanted, access })} />}
    </section>
  );
}

function Showing({ camera, granted, on_change }: {
  camera: Camera; granted: Granted; on_change: (g: Granted | null) => void;
}) {
  const { t } = useDesk();
  const { wanted, access } = granted;
  return (
    <>
      {wanted === "live"
        ? <LiveView camera={camera} access={access} />
        : <ReplayView camera={camera} access={access} />}
      <footer class="access">
        <p title={t.viewer.journal}>{t.viewer.access(t.purposes[access.purpose] ?? access.purpose, access.reason)}</p>
        <button type="button" class="quiet" onClick={() => on_change({ access, wanted: wanted === "live" ? "replay" : "live" })}
          data-testid="switch">
          {wanted === "live" ? t.viewer.replay : t.viewer.live}
        </button>
        <button type="button" class="quiet" onClick={() => on_change(null)}>{t.viewer.back}</button>
      </footer>
    </>
  );
}

/** A refusal in the reader's words, with the rule and who can change it. */
export function RefusalBox({ error, on_retry }: { error: unknown; on_retry?: () => void }) {
  const { t } = useDesk();
  const refusal = error instanceof Refusal ? error : null;
  const french = t.locale.startsWith("fr");
  return (
    <div class="screen-message refusal" role="alert" data-testid="refusal" data-code={refusal?.code}>
      <b>{t.viewer.refused}{refusal?.rule && <span class="badge neutral">{refusal.rule}</span>}</b>
      <p>{refusal ? (french ? refusal.fr : refusal.en) || refusal.code : String(error)}</p>
      {refusal?.who && <p>{t.viewer.who(refusal.who)}</p>}
      {on_retry && <button type="button" class="primary" onClick={on_retry}>{t.viewer.retry}</button>}
    </div>
  );
}
