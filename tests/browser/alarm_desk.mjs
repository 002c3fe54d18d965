// SPDX-License-Identifier: Apache-2.0
// The alarm queue in a headless browser, by keyboard alone, against an imagined centre (fake_centre.mjs) on a real
// nats-server: order, claim, verdict, notification, refusals, close. Screenshots land in build/browser/.
import { connect } from "@nats-io/transport-node";
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { chromium } from "playwright-core";
import { free_ports, make_folder, program, remove_folder, root, until } from "../support/lab.mjs";

const shots = path.join(root, "build/browser");
const say = (text) => console.error(`alarm desk: ${text}`);
const folder = make_folder("alarm-desk");
fs.mkdirSync(shots, { recursive: true });

/// The imagined centre takes six ports in a row.
async function ports_in_a_row() {
  for (;;) {
    const ports = await free_ports(12);
    const first = ports.find((p) => [1, 2, 3, 4, 5].every((i) => ports.includes(p + i)));
    if (first) return first;
  }
}
const port = await ports_in_a_row();
const fake = new program("fake centre", [path.join(root, "tests/browser/fake_centre.mjs"), "--port", String(port)],
  { command: process.execPath, log: path.join(folder, "fake.log") });
const url = `http://127.0.0.1:${port}`;
await until("the imagined centre", 30_000, () => fetch(`${url}/console.json`).then((r) => r.ok, () => false));

let page;
const complaints = [];
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
try {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "fr-FR", timezoneId: "Europe/Paris" });
  page = await context.newPage();
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => { if (message.type() === "error") complaints.push(message.text()); });
  const shot = (name) => page.screenshot({ path: path.join(shots, `${name}.png`) });
  const press = (...keys) => keys.reduce((before, key) => before.then(() => page.keyboard.press(key)), Promise.resolve());
  const incident = page.getByTestId("incident");
  const state = async (wanted) => until(`the incident to be ${wanted}`, 10_000, async () =>
    (await incident.getAttribute("data-state").catch(() => null)) === wanted);

  await page.goto(url);
  await until("the alarms", 20_000, async () => (await page.getByTestId("alarm").count()) >= 5);
  const scores = await page.getByTestId("queue-waiting").getByTestId("alarm")
    .evaluateAll((all) => all.map((one) => Number(one.dataset.score)));
  assert.ok(scores.length >= 3);
  assert.deepEqual(scores, [...scores].sort((a, b) => b - a), "the most urgent alarm stands on top");
  await shot("6-alarms");
  say(`${scores.length} alarms wait, the most urgent on top`);

  await press("g", "Enter");
  await incident.waitFor();
  const first = await incident.getAttribute("data-incident");
  assert.equal(first, "inc-0002", "a panic button goes before an intrusion");
  assert.ok(await page.getByTestId("exercise").isVisible(), "a simulated centre says so");
  assert.match(await page.getByTestId("priority").textContent(), /Priorité 105.*bouton d'alerte.*\+90/);
  assert.equal(await page.getByTestId("viewer").getAttribute("data-camera"), "cam-0005", "its camera is beside it");
  assert.equal(await page.getByTestId("reason").inputValue(), "", "a reason is never filled in by itself");
  assert.equal(await page.getByTestId("act-approve").count(), 0);

  await press("p");
  await state("claimed");
  await press("v");
  await state("verifying");
  await press("d");
  await page.getByTestId("act-form").waitFor();
  await press("Space", "Tab");
  await press("Enter");
  await page.getByText("obligatoire et reste au journal").waitFor();
  await state("verifying");
  await page.keyboard.type("Un homme frappe à la porte, l'agent s'est enfermé.");
  await shot("7-verdict");
  await press("Enter");
  await state("confirmed");
  await press("t");
  await page.getByTestId("choice-national_police_cic").waitFor();
  assert.ok(await page.getByText("zone police de la commune").isVisible(), "routing says why");
  await press("Space");
  await shot("8-recipient");
  await press("Enter");
  await state("notification_proposed");
  await press("a");
  await state("acknowledged");
  await press("i");
  await state("under_intervention");
  await press("c");
  await page.getByTestId("act-text").fill("Individu interpellé par la police à 20 h 14.");
  await press("Enter");
  await state("closed");
  assert.equal(await page.locator('[data-testid=queue-closed] [data-incident="inc-0002"]').count(), 1);
  const log = await page.getByTestId("log-entry").evaluateAll((all) => all.map((one) => one.dataset.to));
  assert.deepEqual(log, ["queued", "claimed", "verifying", "confirmed", "notification_proposed", "notification_approved", "notified",
    "acknowledged", "under_intervention", "closed"]);
  await shot("9-closed");
  say("an alarm went from queue to report by keyboard alone");

  await press("Escape");
  await page.locator('[data-incident="inc-0001"]').first().click();
  await press("p");
  await state("claimed");
  await press("v");
  await state("verifying");
  await press("d");
  await page.getByTestId("act-form").waitFor();
  await press("Space", "Tab");
  await page.keyboard.type("Fenêtre ouverte, personne visible.");
  await press("Enter");
  await state("confirmed");
  await press("t");
  await page.getByTestId("choice-guarding_company").check();
  await press("Enter");
  await state("notification_proposed");
  await press("a");
  const refusal = page.getByTestId("act-refusal");
  await refusal.waitFor();
  assert.equal(await refusal.getAttribute("data-rule"), "LEG-02");
  assert.match(await refusal.textContent(), /agrément de visionnage a expiré.*le préfet/s);
  await shot("10-refused");
  say("a refusal is told in French with its rule and who can change it");

  const panel = await connect({ servers: `127.0.0.1:${port + 1}`, user: "node", pass: "node" });
  await panel.request("vigie.v1.request.node.incidents.raise", JSON.stringify({ correlation: "x", type: "fire", origin: "alarm_panel",
    commune: "95500", site: "archives", camera: "cam-0022" }), { timeout: 5000 });
  await until("the new alarm on top", 5000, async () =>
    (await page.getByTestId("queue-waiting").getByTestId("alarm").first().textContent()).includes("Incendie"), 20);
  await panel.close();
  assert.equal(await incident.getAttribute("data-incident"), "inc-0001", "a new alarm does not tear the open one away");
  say("a new alarm stands on top at once");

  assert.deepEqual(complaints, [], "the browser has nothing to complain about");
} catch (error) {
  await page?.screenshot({ path: path.join(shots, "failure-alarm-desk.png") }).catch(() => {});
  say(`failed; see build/browser/failure-alarm-desk.png; the browser said: ${complaints.join(" | ") || "nothing"}`);
  throw error;
} finally {
  await browser.close();
  await fake.stop();
  remove_folder(folder);
}
