// SPDX-License-Identifier: Apache-2.0
// A camera nobody here wrote: its answers are those that the npm package `onvif` 0.8.1 carries as its
// stand-in device (recorded from a real camera: a clock of 2014, every service at one address of
// another network, an endless PTZ time-out). Its own server is not in the package; this one only
// opens the door: it finds the file of a question and proves the password.
//   node recorded_camera.mjs PORT USER PASSWORD      ends after two minutes
//   GET /asked tells how often each question was answered, as JSON
import { createHash } from "node:crypto";
import fs from "node:fs";
import http from "node:http";
import { createRequire } from "node:module";
import path from "node:path";

const [port, user, password] = process.argv.slice(2);
const require = createRequire(import.meta.url);
const dot = require("dot");
dot.templateSettings.strip = false;
const folder = path.join(path.dirname(require.resolve("onvif-recorded/package.json")), "test/serverMockup");
const place = { hostname: "127.0.0.1", port, pullPointUrl: "/onvif/subscription?Idx=6" };
const services = { device: "device", media: "media", ptz: "ptz", events: "events" };
const asked = {};

/// WS-UsernameToken with a digest, at the time of the camera's own clock.
function is_allowed(text) {
  const part = (name) => new RegExp(`<(?:\\w+:)?${name}(?:\\s[^>]*)?>([^<]*)<`).exec(text)?.[1] ?? "";
  const created = part("Created");
  const proof = createHash("sha1").update(Buffer.from(part("Nonce"), "base64")).update(created + password);
  const camera_now = Date.UTC(2014, 11, 24, 19, 14, 37);  // the recording's clock stands still
  return part("Username") === user && part("Password") === proof.digest("base64")
    && Math.abs(Date.parse(created) - camera_now) < 60_000;
}

function answer_to(text) {
  const found = /<(?:\w+:)?Body[^>]*>\s*<(\w+:)?(\w+)/.exec(text);
  if (!found) return [400, "Error"];
  const verb = found[2];
  if (verb !== "GetSystemDateAndTime" && !is_allowed(text)) return [401, "Error"];
  const names = [verb, ...Object.keys(services).map((service) => `${service}.${verb}`)];
  const name = names.find((one) => fs.existsSync(path.join(folder, `${one}.xml`)));
  asked[verb] = (asked[verb] ?? 0) + 1;
  return name ? [200, name] : [400, "Error"];
}

http.createServer(async (request, reply) => {
  if (request.url === "/asked") return reply.end(JSON.stringify(asked));
  let text = "";
  for await (const part of request) text += part;
  const [status, name] = answer_to(text);
  const template = fs.readFileSync(path.join(folder, `${name}.xml`), "utf8");
  reply.writeHead(status, { "Content-Type": "application/soap+xml; charset=utf-8" });
  reply.end(dot.template(template)(place));
}).listen(Number(port), "127.0.0.1");
setTimeout(() => process.exit(0), 120_000);
