// SPDX-License-Identifier: Apache-2.0
import { clock_time } from "../format.ts";
import type { IncidentFile, LogEntry } from "../model/incident_decode.ts";
import { useDesk } from "./context.ts";

/** What was done with an incident, by whom and when; the first on top, as it is told. */
export function IncidentLog({ file }: { file: IncidentFile | null }) {
  const { t } = useDesk();
  return (
    <section class="incident-log" aria-label={t.incidents.log}>
      <h3>{t.incidents.log}</h3>
      {file === null ? <p class="nothing">{t.incidents.loading}</p>
        : file.log.length === 0 ? <p class="nothing">{t.incidents.log_empty}</p>
        : <ol data-testid="incident-log">{file.log.map((entry, at) => <Entry key={at} entry={entry} />)}</ol>}
    </section>
  );
}

function Entry({ entry }: { entry: LogEntry }) {
  const { t, me } = useDesk();
  const what = entry.state !== null ? t.incidents.states[entry.state] ?? entry.state : t.incidents.log_words[entry.what] ?? entry.what;
  const who = entry.author === "" ? t.incidents.centre : entry.author === me ? t.incidents.you : entry.author;
  const told = t.incidents.recipients[entry.text];
  return (
    <li data-testid="log-entry" data-what={entry.what} data-to={entry.state}>
      <time>{clock_time(t, entry.at)}</time>
      <span class="log-what"><b>{what}</b> <span class="log-who">{who}</span></span>
      {entry.text !== "" && <span class="log-text">{told ?? entry.text}</span>}
    </li>
  );
}
