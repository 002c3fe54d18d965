// SPDX-License-Identifier: Apache-2.0
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { ActWords } from "../bus.ts";
import type { ActInput } from "../model/incident.ts";
import type { RecipientChoice } from "../model/incident_decode.ts";
import { useDesk } from "./context.ts";

const verdicts = ["confirmed", "false_alarm", "inconclusive"] as const;
const longest_text = 2000;

interface Props {
  input: ActInput;
  /** Null: not read yet. */
  recipients: readonly RecipientChoice[] | null;
  /** Why routing leaves the choice to the operator. */
  choose: readonly string[];
  is_busy: boolean;
  on_send: (words: ActWords) => void;
  on_cancel: () => void;
}

/** Asks for the verdict, the recipient or the words an act needs. Enter sends, Escape takes it back. */
export function ActForm({ input, recipients, choose, is_busy, on_send, on_cancel }: Props) {
  const { t } = useDesk();
  const [words, set_words] = useState("");
  const [choice, set_choice] = useState<string | null>(null);
  const [is_missing, set_missing] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  useLayoutEffect(() => form.current?.querySelector<HTMLElement>("input, textarea")?.focus(), [recipients === null]);
  const wants_text = input !== "recipient";

  const send = () => {
    const text = words.trim();
    if (wants_text && text === "") return set_missing(true);
    if ((input === "verdict" || input === "recipient") && choice === null) return set_missing(true);
    if (input === "verdict") on_send({ verdict: choice!, text });
    else if (input === "recipient") on_send({ recipient: choice! });
    else on_send({ text });
  };
  const on_key = (event: KeyboardEvent) => {
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      on_cancel();
    } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      send();
    }
  };
  const radio = (value: string, label: string, why?: string) => (
    <label key={value} class="choice">
      <input type="radio" name="choice" checked={choice === value} data-testid={`choice-${value}`}
        onChange={() => { set_choice(value); set_missing(false); }} />
      <span><b>{label}</b>{why && <span class="why">{why}</span>}</span>
    </label>
  );

  return (
    <form class="act-form" ref={form} onKeyDown={on_key} onSubmit={(event) => { event.preventDefault(); send(); }} data-testid="act-form">
      {input === "verdict" && <div class="choices row" role="radiogroup">{verdicts.map((v) => radio(v, t.incidents.verdicts[v] ?? v))}</div>}
      {input === "recipient" && (recipients === null ? <p class="note">{t.incidents.loading}</p>
        : recipients.length === 0 ? <p class="field-error">{t.incidents.no_recipient}</p>
        : <div class="choices" role="radiogroup" aria-label={t.incidents.inputs[input]}>
            {recipients.map((r) => radio(r.kind, `${t.incidents.recipients[r.kind] ?? r.kind}${r.name === "" ? "" : ` · ${r.name}`}`,
              t.locale.startsWith("fr") ? r.why_fr : r.why_en))}
          </div>)}
      {input === "recipient" && choose.map((why) => <p key={why} class="note">{why}</p>)}
      {wants_text && (
        <label class="act-text">
          <span>{t.incidents.inputs[input]}</span>
          <textarea rows={2} maxLength={longest_text} value={words} aria-invalid={is_missing} data-testid="act-text"
            onInput={(event) => { set_words(event.currentTarget.value); set_missing(false); }} />
        </label>
      )}
      {is_missing && <p class="field-error" role="alert">{t.incidents.missing}</p>}
      <div class="actions">
        <button type="submit" class="primary" disabled={is_busy} data-testid="act-send">{t.incidents.send}<kbd>↵</kbd></button>
        <button type="button" onClick={on_cancel}>{t.incidents.cancel}<kbd>Esc</kbd></button>
      </div>
    </form>
  );
}
