// SPDX-License-Identifier: Apache-2.0
// The console in a headless browser: 24 cameras are listed, one is cut and its card changes within 3 s,
// a live video moves, a recorded clip plays. Runs a farm and a centre of its own, or uses those named by
// VIGIE_URL (http://host:port) and VIGIE_FARM_CONTROL (host:port). Screenshots land in build/browser/.
import assert from "node:assert/strict";
import fs from "node:fs";
import net from "node:net";
import path from "node:path";
import { chromium } from "playwright-core";
import { centre, chief, farm, free_ports, make_folder, remove_folder, root, until, write_config } from "../support/lab.mjs";

const cameras = 24;
const cut = "cam-0002";
const watched = "cam-0005";
const shots = path.join(root, "build/browser");
const say = (text) => console.error(`console: ${text}`);

/// One command line to a farm's control port, one reply.
function ask_farm(address, command) {
  const [host, port] = address.split(":");
  return new Promise((resolve, reject) => {
    const socket = net.connect(Number(port), host, () => socket.write(`${JSON.stringify(command)}\n`));
    socket.setTimeout(5000, () => socket.destroy(new Error("the farm does not answer")));
    socket.once("data", (reply) => { socket.destroy(); resolve(String(reply)); });
    socket.once("error", reject);
  });
}

/// A centre to look at: the one we are told of, or one of our own.
async function open_bench() {
  if (process.env.VIGIE_URL) {
    const control = process.env.VIGIE_FARM_CONTROL;
    assert.ok(control, "VIGIE_URL needs VIGIE_FARM_CONTROL beside it");
    return {
      url: process.env.VIGIE_URL,
      name: process.env.VIGIE_USER ?? chief.name,
      password: process.env.VIGIE_PASSWORD ?? chief.password,
      fault: (ids, fault) => ask_farm(control, { cmd: "fault", cameras: ids, fault }),
      close: async () => {},
    };
  }
  const folder = make_folder("browser");
  const [farm_port, control, bus, websocket, gateway] = await free_ports(5);
  const the_farm = await farm.start({ cameras, port: farm_port, control, log: path.join(folder, "farm.log") });
  const config = write_config(folder, { cameras, communes: 3, sites: 8, farm_port, ports: { bus, websocket, gateway } });
  const the_centre = await centre.start({ config, gateway_port: gateway, log: path.join(folder, "centre.log") });
  return {
    url: the_centre.url,
    ...chief,
    fault: (ids, fault) => the_farm.fault(ids, fault),
    close: async () => {
      await the_centre.stop();
      await the_farm.stop();
      remove_folder(folder);
    },
  };
}

/// Brightness of a small copy of the picture, to tell one picture from another.
const picture = (video) => video.evaluate((element) => {
  const canvas = document.createElement("canvas");
  canvas.width = 96;
  canvas.height = 54;
  const context = canvas.getContext("2d");
  context.drawImage(element, 0, 0, canvas.width, canvas.height);
  const rgba = context.getImageData(0, 0, canvas.width, canvas.height).data;
  return Array.from({ length: rgba.length / 4 }, (_, i) => rgba[4 * i] + rgba[4 * i + 1] + rgba[4 * i + 2]);
});
const changed_pixels = (a, b) => a.filter((value, i) => Math.abs(value - b[i]) > 24).length;
const position = (video) => video.evaluate((element) => element.currentTime);

const bench = await open_bench();
fs.mkdirSync(shots, { recursive: true });
let page;
const complaints = [];
const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: ["--no-sandbox", "--autoplay-policy=no-user-gesture-required"],
});
try {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "fr-FR", timezoneId: "Europe/Paris" });
  page = await context.newPage();
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => { if (message.type() === "error") complaints.push(message.text()); });
  const shot = (name) => page.screenshot({ path: path.join(shots, `${name}.png`) });
  const card = (id) => page.locator(`[data-testid=camera-card][data-camera="${id}"]`);

  await bench.fault("all", "none");
  const sign_in = async (password) => {
    await page.getByTestId("sign-in-user").fill(bench.name);
    await page.getByTestId("sign-in-password").fill(password);
    await page.getByTestId("sign-in-send").click();
  };
  await page.goto(bench.url);
  await sign_in("not the password");
  await until("a wrong password to be refused", 15_000, () => page.getByTestId("sign-in-refused").count());
  assert.equal(await page.getByTestId("camera-card").count(), 0, "nothing is shown before");
  await sign_in(bench.password);
  await until("24 cards", 20_000, async () => (await page.getByTestId("camera-card").count()) === cameras);
  await until("24 cameras live", 60_000, async () => (await page.getByTestId("count-live").getAttribute("data-count")) === String(cameras));
  await shot("1-live");
  say("24 cameras are listed and live");

  await bench.fault([cut], "rst");
  const cut_at = performance.now();
  await until(`${cut}'s card to change`, 3000, async () => (await card(cut).getAttribute("data-state")) === "down", 20);
  say(`a cut camera's card changed after ${Math.round(performance.now() - cut_at)} ms`);
  await until("its event in the feed", 5000, () => page.locator('[data-testid=event][data-type="camera_down"]').count());
  await shot("2-cut");
  await page.reload();
  await sign_in(bench.password);
  await until("the event to be told to a page opened later", 10_000, () => page.locator('[data-testid=event][data-type="camera_down"]').count());
  await bench.fault([cut], "none");

  await card(watched).click();
  await page.getByTestId("open-live").click();
  assert.equal(await page.getByTestId("live-view").count(), 0, "without a reason there is no image (LEG-33)");
  await page.getByTestId("reason").fill("Essai du navigateur");
  await page.getByTestId("open-live").click();
  const view = page.getByTestId("live-view");
  await until("the live view", 15_000, async () => (await view.getAttribute("data-status")) === "live");
  const live = page.getByTestId("live-video");
  const before = await picture(live);
  const from = await position(live);
  await until("two seconds of live video", 10_000, async () => (await position(live)) > from + 2);
  await until("motion in the live picture", 10_000, async () => changed_pixels(before, await picture(live)) > 20);
  const latency = await page.getByTestId("latency").getAttribute("data-seconds").catch(() => null);
  say(`live video advances and moves; latency told: ${latency === null ? "none" : Number(latency).toFixed(2)} s`);
  await shot("3-live-view");

  await bench.fault([watched], "silence");
  await until("a stopped feed to be told as stopped", 10_000, async () => (await view.getAttribute("data-status")) !== "live");
  await shot("4-stopped");
  await bench.fault([watched], "none");
  await until("live again after the fault", 30_000, async () => (await view.getAttribute("data-status")) === "live");
  say("a stopped feed is told as stopped and comes back by itself");

  await page.getByTestId("switch").click();
  await until("recorded segments", 10_000, async () => Number(await page.getByTestId("replay-view").getAttribute("data-segments")) > 0);
  const clip = page.getByTestId("replay-video");
  await until("a clip that plays", 10_000, async () => (await position(clip)) > 0.5);
  const clip_from = await position(clip);
  await until("a clip that goes on", 10_000, async () => (await position(clip)) > clip_from + 1);
  await page.setViewportSize({ width: 1920, height: 1080 });
  await shot("5-replay");
  say("a recorded clip plays");

  assert.deepEqual(complaints, [], "the browser has nothing to complain about");
} catch (error) {
  await page?.screenshot({ path: path.join(shots, "failure.png") }).catch(() => {});
  say(`failed; see ${path.relative(root, path.join(shots, "failure.png"))}; the browser said: ${complaints.join(" | ") || "nothing"}`);
  throw error;
} finally {
  await browser.close();
  await bench.close();
}
say(`screenshots in ${path.relative(root, shots)}`);
