/** What a test expects of input that is refused. */
import assert from "node:assert/strict";
import { type Reason, Refusal } from "../../src/verdict.ts";

/** The reason with which the action refuses; null where it does not refuse at all. */
export function reasonOf(action: () => unknown): Reason | null {
  try {
    action();
    return null;
  } catch (error) {
    if (error instanceof Refusal) return error.reason;
    throw error;
  }
}

export function assertRefused(action: () => unknown, reason: Reason, message?: string): void {
  assert.equal(reasonOf(action), reason, message);
}

/** Likewise of an action that ends later. */
export async function assertRefusedLater(promise: Promise<unknown>, reason: Reason): Promise<void> {
  await assert.rejects(promise, (error) => {
    assert(error instanceof Refusal);
    assert.equal(error.reason, reason);
    return true;
  });
}
