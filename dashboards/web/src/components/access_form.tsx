// SPDX-License-Identifier: Apache-2.0
import { useEffect, useRef, useState } from "preact/hooks";
import type { Access } from "../bus.ts";
import type { Camera } from "../model/types.ts";
import { useDesk } from "./context.ts";
import { Icon } from "./icons.tsx";

export type Wanted = "live" | "replay";

/** Reasons given on this page, offered again; they are never filled in by themselves. */
const given_reasons: string[] = [];

/** Purpose and reason come before any image (LEG-10, LEG-33). */
export function AccessForm({ camera, on_open }: { camera: Camera; on_open: (wanted: Wanted, access: Access) => void }) {
  const { t } = useDesk();
  // A node that does not tell a camera's purposes still checks them: then all the law lists are offered.
  const purposes = camera.purposes.length > 0 ? camera.purposes : Object.keys(t.purposes);
  const [purpose, set_purpose] = useState(purposes[0] ?? "");
  const [reason, set_reason] = useState("");
  const [is_missing, set_missing] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus({ preventScroll: true }), [camera.id]);

  const open = (wanted: Wanted) => {
    const given = reason.trim();
    if (given === "") {
      set_missing(true);
      field.current?.focus();
      return;
    }
    if (!given_reasons.includes(given)) given_reasons.unshift(given);
    on_open(wanted, { purpose, reason: given });
  };

  return (
    <form class="access-form" onSubmit={(event) => { event.preventDefault(); open("live"); }} data-testid="access-form">
      <label>
        <span>{t.viewer.purpose}</span>
        <select value={purpose} onChange={(event) => set_purpose(event.currentTarget.value)} data-testid="purpose">
          {purposes.map((p) => <option key={p} value={p}>{t.purposes[p] ?? p}</option>)}
        </select>
      </label>
      <label>
        <span>{t.viewer.reason} <i aria-hidden="true">*</i></span>
        <input ref={field} type="text" maxLength={300} value={reason} required list="given-reasons" autocomplete="off"
          placeholder={t.viewer.reason_placeholder} aria-invalid={is_missing} aria-describedby="reason-note" data-testid="reason"
          onInput={(event) => { set_reason(event.currentTarget.value); set_missing(false); }}
          onInvalid={(event) => { event.preventDefault(); set_missing(true); }} />
        <datalist id="given-reasons">{given_reasons.slice(0, 8).map((r) => <option key={r} value={r} />)}</datalist>
      </label>
      <p id="reason-note" class={is_missing ? "field-error" : "note"} role={is_missing ? "alert" : undefined}>
        {is_missing ? t.viewer.reason_missing : t.viewer.journal}
      </p>
      <div class="actions">
        <button type="submit" class="primary" data-testid="open-live"><Icon name="play" size={14} />{t.viewer.live}</button>
        <button type="button" data-testid="open-replay" onClick={() => open("replay")}><Icon name="back" size={14} />{t.viewer.replay}</button>
      </div>
    </form>
  );
}
