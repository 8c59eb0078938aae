/** Sealed shares: docs/spec.md, section 15.8. */
import { decode, encodeHead } from "../codec/cbor.ts";
import { readFrame, type ShareFrame } from "../codec/frame.ts";
import { joined } from "../codec/joined.ts";
import { isIssuer } from "../statement/text.ts";
import { Refusal } from "../verdict.ts";
import { toHex } from "./digest.ts";
import { unshared, webCrypto } from "./web_crypto.ts";

const MAX_FILE = 66048;
const TAG_16 = 0xd0;
const A256GCM = 3;
const ALGORITHM = 1;
const IV = 5;
const CWT_CLAIMS = 15;
const ISSUER = 1;
const NONCE_LENGTH = 12;
const TAG_LENGTH = 16;
const SIZES = [4096, 8192, 16384, 32768, 65536];
const BYTES = 2;

/** The name under which the file of this secret is served, before `.cose`: hexadecimal. */
export async function sealedName(secret: Uint8Array): Promise<string> {
  return toHex(await hkdf(secret, "signedcert sealed share name", 16));
}

/**
 * The share in a sealed file, and the issuer that the file claims, which proves nothing before it
 * was found in the record. A Refusal with `sealed_file_refused`; where what comes out is no sound
 * token, with the reason of section 5.2 or 15.4.
 */
export async function openSealed(
  secret: Uint8Array,
  file: Uint8Array,
): Promise<{ issuer: string; frame: ShareFrame }> {
  const sealed = readLayout(file);
  const name = await sealedName(secret);
  const key = await hkdf(secret, "signedcert sealed share key", 32);
  const plaintext = await decrypt(key, sealed, encStructure(sealed.header, name));
  const frame = readFrame(withoutFilling(plaintext));
  if (frame.kind !== "share") throw new Refusal("sealed_file_refused");
  return { issuer: sealed.issuer, frame };
}

interface Sealed {
  readonly header: Uint8Array;
  readonly issuer: string;
  readonly nonce: Uint8Array;
  readonly ciphertext: Uint8Array;
}

function readLayout(file: Uint8Array): Sealed {
  if (file.length > MAX_FILE || file[0] !== TAG_16) throw new Refusal("sealed_file_refused");
  const elements = decodeFile(file.subarray(1));
  if (!Array.isArray(elements) || elements.length !== 3) throw new Refusal("sealed_file_refused");
  const [header, unprotected, ciphertext] = elements;
  if (!(header instanceof Uint8Array) || !(ciphertext instanceof Uint8Array)) {
    throw new Refusal("sealed_file_refused");
  }
  const nonce = unprotected instanceof Map && unprotected.size === 1 ? unprotected.get(IV) : null;
  if (!(nonce instanceof Uint8Array) || nonce.length !== NONCE_LENGTH) {
    throw new Refusal("sealed_file_refused");
  }
  if (!SIZES.includes(ciphertext.length - TAG_LENGTH)) throw new Refusal("sealed_file_refused");
  return { header, issuer: issuerIn(header), nonce, ciphertext };
}

/** The issuer in the protected header, which has nothing else but the algorithm (section 4.3). */
function issuerIn(header: Uint8Array): string {
  const labels = decodeFile(header);
  if (labels instanceof Map && labels.size === 2 && labels.get(ALGORITHM) === A256GCM) {
    const claims = labels.get(CWT_CLAIMS);
    const issuer = claims instanceof Map && claims.size === 1 ? claims.get(ISSUER) : undefined;
    if (typeof issuer === "string" && isIssuer(issuer)) return issuer;
  }
  throw new Refusal("sealed_file_refused");
}

/** Whatever is wrong with the CBOR of a file, the reason is that of the file. */
function decodeFile(bytes: Uint8Array) {
  try {
    return decode(bytes);
  } catch (error) {
    if (error instanceof Refusal) throw new Refusal("sealed_file_refused");
    throw error;
  }
}

/** The Enc_structure of RFC 9052, section 5.3, with the name as external_aad. */
function encStructure(header: Uint8Array, name: string): Uint8Array {
  const external = new TextEncoder().encode(name);
  return joined(
    Uint8Array.of(0x83, 0x68),
    new TextEncoder().encode("Encrypt0"),
    encodeHead(BYTES, header.length),
    header,
    encodeHead(BYTES, external.length),
    external,
  );
}

async function decrypt(
  key: Uint8Array,
  { nonce, ciphertext }: Sealed,
  additionalData: Uint8Array,
): Promise<Uint8Array> {
  const subtle = webCrypto();
  const imported = await subtle.importKey("raw", unshared(key), "AES-GCM", false, ["decrypt"]);
  const algorithm = {
    name: "AES-GCM",
    iv: unshared(nonce),
    additionalData: unshared(additionalData),
    tagLength: 8 * TAG_LENGTH,
  };
  try {
    return new Uint8Array(await subtle.decrypt(algorithm, imported, unshared(ciphertext)));
  } catch (error) {
    // WebCrypto, "AES-GCM", decrypt: what the tag does not fit is an OperationError.
    const mismatch = error instanceof DOMException && error.name === "OperationError";
    throw mismatch ? new Refusal("sealed_file_refused") : error;
  }
}

/** The token before the filling, which has to fill up to the least size that is greater. */
function withoutFilling(plaintext: Uint8Array): Uint8Array {
  let end = plaintext.length - 1;
  while (end >= 0 && plaintext[end] === 0) end--;
  if (plaintext[end] !== 0x80) throw new Refusal("sealed_file_refused");
  if (SIZES.find((size) => size > end) !== plaintext.length) {
    throw new Refusal("sealed_file_refused");
  }
  return plaintext.subarray(0, end);
}

/** RFC 5869 with SHA-256 and without salt. */
async function hkdf(secret: Uint8Array, label: string, length: number): Promise<Uint8Array> {
  const subtle = webCrypto();
  const material = await subtle.importKey("raw", unshared(secret), "HKDF", false, ["deriveBits"]);
  const algorithm = {
    name: "HKDF",
    hash: "SHA-256",
    salt: new Uint8Array(0),
    info: new TextEncoder().encode(label),
  };
  return new Uint8Array(await subtle.deriveBits(algorithm, material, 8 * length));
}
