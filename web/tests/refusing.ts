import { Refusal } from "../src/verdict.ts";
import type { Reason } from "../src/verdict.ts";

/** The reason with which this is refused; null where it is not. Other errors are not caught. */
export async function refusal(attempt: () => unknown): Promise<Reason | null> {
  try {
    await attempt();
    return null;
  } catch (error) {
    if (error instanceof Refusal) {
      return error.reason;
    }
    throw error;
  }
}
