// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import { SignIn } from "../src/model/sign_in.ts";

const lent = { url: "ws://x", user: "console", password: "lent" };
const shut = { url: "ws://x", user: "", password: "" };

test("a lent name is used as it is, and nobody is asked", async () => {
  const sign_in = new SignIn(() => undefined);
  assert.equal((await sign_in.credentials(lent)).user, "console");
  assert.equal(sign_in.state.kind, "lent");
});

test("without a lent name the page waits for a person", async () => {
  let changes = 0;
  const sign_in = new SignIn(() => { changes++; });
  const asked = sign_in.credentials(shut);
  assert.deepEqual(sign_in.state, { kind: "wanted", refused: false });
  sign_in.submit("a.durand", "word");
  assert.deepEqual(await asked, { user: "a.durand", password: "word" });
  sign_in.accepted();
  assert.equal(sign_in.state.kind, "signed_in");
  assert.ok(changes >= 2);
});

test("who was refused is told so and may try again; a lost bus asks nobody anew", async () => {
  const sign_in = new SignIn(() => undefined);
  const first = sign_in.credentials(shut);
  sign_in.submit("a.durand", "wrong");
  await first;
  sign_in.refused();
  assert.deepEqual(sign_in.state, { kind: "wanted", refused: true });
  const second = sign_in.credentials(shut);
  sign_in.submit("a.durand", "right");
  assert.equal((await second).password, "right");
  sign_in.accepted();
  assert.equal((await sign_in.credentials(shut)).password, "right", "after a cut the same person goes on");
});

test("signing out forgets the password", async () => {
  const sign_in = new SignIn(() => undefined);
  const asked = sign_in.credentials(shut);
  sign_in.submit("a.durand", "word");
  await asked;
  sign_in.accepted();
  sign_in.sign_out();
  assert.deepEqual(sign_in.state, { kind: "wanted", refused: false });
  assert.ok(!JSON.stringify(sign_in).includes("word"));
});

test("a refusal of a lent name is the centre's trouble, not a person's", async () => {
  const sign_in = new SignIn(() => undefined);
  await sign_in.credentials(lent);
  sign_in.refused();
  assert.equal(sign_in.state.kind, "lent");
});
