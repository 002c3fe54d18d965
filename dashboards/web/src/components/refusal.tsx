// SPDX-License-Identifier: Apache-2.0
import { Refusal } from "../model/types.ts";
import { useDesk } from "./context.ts";

/** Why the centre did not do it: the rule's name, the reason in the reader's words, and who can change it. */
export function RefusalNote({ error }: { error: unknown }) {
  const { t } = useDesk();
  const refusal = error instanceof Refusal ? error : null;
  const french = t.locale.startsWith("fr");
  return (
    <div class="refusal-note" role="alert" data-testid="act-refusal" data-code={refusal?.code} data-rule={refusal?.rule}>
      <b>{t.incidents.refused}{refusal?.rule && <span class="badge rule">{refusal.rule}</span>}</b>
      <span>{refusal ? (french ? refusal.fr : refusal.en) || refusal.code : String(error)}</span>
      {refusal?.who && <span>{t.viewer.who(refusal.who)}</span>}
    </div>
  );
}
