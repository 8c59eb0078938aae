import assert from "node:assert/strict";
import { test } from "node:test";
import type { Kind } from "../../src/keeping/kept.ts";
import { Slot } from "../../src/keeping/slot.ts";

const TEXT: Kind<string> = {
  name: "page",
  toStorage: (value) => value,
  fromStorage: (stored) => (typeof stored === "string" ? stored : assert.fail("no text")),
};

test("a read that arrives late changes nothing that is newer", () => {
  const slot = new Slot(TEXT);
  slot.put(3, "newer");
  assert.equal(slot.read({ revision: 2, value: "older" }), "older");
  assert.equal(slot.value, "newer");
  assert.equal(slot.read({ revision: 4, value: "newest" }), "newest");
  assert.equal(slot.value, "newest");
});

test("what is at hand is not read again", () => {
  const slot = new Slot(TEXT);
  slot.put(3, "at hand");
  assert.equal(slot.read({ revision: 3, value: 7 }), "at hand");
  assert.ok(!slot.dropped);
  assert.equal(slot.read({ revision: 4, value: 7 }), null);
  assert.ok(slot.dropped);
});
