// SPDX-License-Identifier: Apache-2.0
// The built centre tells simulated recipients, each by its name: an exercise arrives once.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { alerting } from "../support/alerting.mjs";
import { bus_view } from "../support/bus_view.mjs";
import { centre, free_ports, make_folder, remove_folder, write_config } from "../support/lab.mjs";

const folder = make_folder("recipients");
const [farm, bus, websocket, gateway, ...ports] = await free_ports(11);
let alerts, the_centre, view;
try {
  const communes = ["95018", "95127", "95500"];
  alerts = await alerting.start({ folder, code: "95", communes, ports });
  const config = write_config(folder, { cameras: 8, communes: 3, sites: 4, farm_port: farm, ports: { bus, websocket, gateway } });
  fs.appendFileSync(config, alerts.config_text);
  the_centre = await centre.start({ config, gateway_port: gateway, log: path.join(folder, "centre.log") });
  view = await bus_view.open(await the_centre.console(), bus);
  const exercise = (plugin, recipient) =>
    view.request("plugins.exercise", { plugin, recipient, authority: communes[0], reason: "test bench" });

  for (const [plugin, recipient] of [["fr.vigie.webhook", "police-municipale"], ["fr.vigie.webhook", "gardiennage"], ["fr.vigie.smtp", "mainteneur"]]) {
    const told = await exercise(plugin, recipient);
    assert.equal(told.outcome, "delivered", JSON.stringify(told));
  }
  const { recipients, taken, turned_away } = await alerts.ledger();
  for (const name of ["police-municipale", "gardiennage", "mainteneur"])
    assert.equal(recipients[name]?.keys, 1, `${name} was told once: ${JSON.stringify(recipients)}`);
  assert.deepEqual(turned_away, []);
  for (const t of taken) {
    assert.deepEqual([t.effects, t.conflicts], [1, 0], `${t.recipient} ${t.key}`);
    assert.match(t.content, /exercise|exercice/i, `${t.recipient} took what looks real`);
  }
  await view.close();
  view = null;
  await alerts.stop();
  const report = JSON.parse(fs.readFileSync(alerts.report, "utf8"));
  assert.deepEqual(Object.keys(report.recipients).sort(), ["gardiennage", "mainteneur", "police-municipale"], "the report at the end says the same");
  console.error("recipients: three recipients of two kinds were told by name, once each");
} finally {
  await view?.close();
  await the_centre?.stop();
  await alerts?.stop();
  remove_folder(folder);
}
