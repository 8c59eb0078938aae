/** When a signature is accepted: docs/spec.md, section 5.4. */
import { fromHex, sameBytes } from "./digest.ts";
import { unshared, webCrypto } from "./web_crypto.ts";

const KEY_LENGTH = 32;
const SIGNATURE_LENGTH = 64;

// Little-endian, as in keys and signatures.
const P = fromHex("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f");
const L = fromHex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");

/** The encodings of the points of small order, without their top bits. */
const SMALL_ORDER = [
  "0000000000000000000000000000000000000000000000000000000000000000",
  "0100000000000000000000000000000000000000000000000000000000000000",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
].map(fromHex);

// Two signatures of the Ed25519 speccheck by the same key, both with points of mixed order. By the
// rule, the first is good (its case 3). The second is good to a library that multiplies by the
// cofactor, and to no other (its case 4).
const PROBE_KEY = fromHex("cdb267ce40c5cd45306fa5d2f29731459387dbf9eb933b7bd5aed9a765b88d4d");
const GOOD_MESSAGE = fromHex("9bd9f44f4dcc75bd531b56b2cd280b0bb38fc1cd6d1230e14861d861de092e79");
const GOOD_SIGNATURE = fromHex(
  "9046a64750444938de19f227bb80485e92b83fdb4b6506c160484c016cc1852f" +
    "87909e14428a7a1d62e9f22f3d3ad7802db02eb2e688b6c52fcd6648a98bd009",
);
const WRONG_MESSAGE = fromHex("e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec4011eaccd55b53f56c");
const WRONG_SIGNATURE = fromHex(
  "160a1cb0dc9c0258cd0a7d23e94d8fa878bcb1925f2c64246b2dee1796bed512" +
    "5ec6bc982a269b723e0668e540911a9a6a58921d6925e434ab10aa7940551a09",
);

/** With which WebCrypto says that it can do nothing with a key or a signature. */
const KEY_ERRORS = ["DataError", "OperationError"];

let supported: Promise<boolean> | null = null;

/**
 * Whether WebCrypto has Ed25519 as section 5.4 wants it: asked once, by letting it verify a good
 * signature and one that only the cofactor makes good. Never rejects.
 */
export function ed25519Supported(): Promise<boolean> {
  supported ??= probe();
  return supported;
}

async function probe(): Promise<boolean> {
  try {
    const good = await verify(PROBE_KEY, GOOD_MESSAGE, GOOD_SIGNATURE);
    const wrong = await verify(PROBE_KEY, WRONG_MESSAGE, WRONG_SIGNATURE);
    return good && !wrong;
  } catch {
    return false;
  }
}

/**
 * Whether the key (32 bytes) signed the message. An Error where WebCrypto cannot tell: then nobody
 * may say that the signature is wrong, and nobody that it is right.
 */
export async function accepts(
  key: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  if (key.length !== KEY_LENGTH || signature.length !== SIGNATURE_LENGTH) return false;
  const commitment = signature.subarray(0, KEY_LENGTH);
  if (!isBelow(signature.subarray(KEY_LENGTH), L)) return false;
  for (const point of [key, commitment]) {
    const y = withoutTopBit(point);
    if (!isBelow(y, P) || SMALL_ORDER.some((small) => sameBytes(small, y))) return false;
  }
  if (!(await ed25519Supported())) throw new Error("WebCrypto has no Ed25519");
  try {
    return await verify(key, message, signature);
  } catch (error) {
    // What is no point of the curve is no key to some, and a key that never verifies to others.
    const noPoint = error instanceof DOMException && KEY_ERRORS.includes(error.name);
    if (noPoint) return false;
    throw error;
  }
}

async function verify(
  key: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  const subtle = webCrypto();
  const algorithm = { name: "Ed25519" };
  const imported = await subtle.importKey("raw", unshared(key), algorithm, false, ["verify"]);
  return subtle.verify(algorithm, imported, unshared(signature), unshared(message));
}

function withoutTopBit(point: Uint8Array): Uint8Array {
  const y = new Uint8Array(point);
  y[KEY_LENGTH - 1] = (y[KEY_LENGTH - 1] ?? 0) & 0x7f;
  return y;
}

/** Whether one little-endian number of 32 bytes is less than another. */
function isBelow(a: Uint8Array, b: Uint8Array): boolean {
  for (let i = KEY_LENGTH - 1; i >= 0; i--) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}
