import { type Reason, Refusal } from "../verdict.ts";

/** The reason why something was not taken in. What is no refusal is a defect, and goes on. */
export async function refusalOf(work: () => Promise<void>): Promise<Reason | null> {
  try {
    await work();
    return null;
  } catch (error) {
    if (error instanceof Refusal) return error.reason;
    throw error;
  }
}
