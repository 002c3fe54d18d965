// SPDX-License-Identifier: Apache-2.0
import { useEffect, useRef, useState } from "preact/hooks";
import type { Access } from "../bus.ts";
import type { Camera } from "../model/types.ts";
import { useDesk } from "./context.ts";
import { Icon } from "./icons.tsx";
import { is_typing } from "./keyboard.ts";

export type Wanted = "live" | "replay";

/** Reasons given on this page, offered again; they are never filled in by themselves. */
const given_reasons: string[] = [];

/** Purpose and reason come before any image (LEG-10, LEG-33). */
export function AccessForm({ camera, suggestion, takes_focus, on_open }: {
  camera: Camera;
  /** A reason that fits, offered and never filled in by itself. */
  suggestion: string | null;
  /** False: something else has the keyboard; M brings it here. */
  takes_focus: boolean;
  on_open: (wanted: Wanted, access: Access) => void;
}) {
  const { t } = useDesk();
  // A node that does not tell a camera's purposes still checks them: then all the law lists are offered.
  const purposes = camera.purposes.length > 0 ? camera.purposes : Object.keys(t.purposes);
  const [purpose, set_purpose] = useState(purposes[0] ?? "");
  const [reason, set_reason] = useState("");
  const [is_missing, set_missing] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => { if (takes_focus) field.current?.focus({ preventScroll: true }); }, [camera.id]);
  useEffect(() => {
    const on_key = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "m" || event.ctrlKey || event.metaKey || event.altKey || is_typing(event.target)) return;
      event.preventDefault();
      field.current?.focus({ preventScroll: true });
    };
    window.addEventListener("keydown", on_key);
    return () => window.removeEventListener("keydown", on_key);
  }, []);

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
        <span>{t.viewer.reason} <i aria-hidden="true">*</i> <kbd>M</kbd></span>
        <input ref={field} type="text" maxLength={300} value={reason} required list="given-reasons" autocomplete="off"
          placeholder={t.viewer.reason_placeholder} aria-invalid={is_missing} aria-describedby="reason-note" data-testid="reason"
          onInput={(event) => { set_reason(event.currentTarget.value); set_missing(false); }}
          onInvalid={(event) => { event.preventDefault(); set_missing(true); }} />
        <datalist id="given-reasons">{given_reasons.slice(0, 8).map((r) => <option key={r} value={r} />)}</datalist>
      </label>
      {suggestion !== null && reason !== suggestion && (
        <button type="button" class="link suggestion" data-testid="reason-suggestion"
          onClick={() => { set_reason(suggestion); set_missing(false); field.current?.focus(); }}>{t.viewer.use(suggestion)}</button>
      )}
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
