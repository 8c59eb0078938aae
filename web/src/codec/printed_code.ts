/** The printed code of an id: docs/spec.md, section 3.4. */

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** An id of 10 bytes as 16 characters in four groups. */
export function printedCode(id: Uint8Array): string {
  if (id.length !== 10) throw new RangeError(`an id has 10 bytes, not ${id.length}`);
  let characters = "";
  let hold = 0;
  let bits = 0;
  for (const byte of id) {
    hold = (hold << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      characters += ALPHABET.charAt(hold >> bits);
      hold &= (1 << bits) - 1;
    }
  }
  return inGroups(characters);
}

/** The printed code that somebody means by what they typed; null where it is none. */
export function readPrintedCode(typed: string): string | null {
  const characters = typed.replace(/[- ]/g, "");
  // Tested before it is put in upper case, where letters outside ASCII could become some of it.
  if (!/^[0-9A-TV-Za-tv-z]{16}$/.test(characters)) return null;
  return inGroups(characters.toUpperCase().replace(/O/g, "0").replace(/[IL]/g, "1"));
}

function inGroups(characters: string): string {
  return characters.replace(/(.{4})(?=.)/g, "$1-");
}
