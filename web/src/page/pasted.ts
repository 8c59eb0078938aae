/** What people paste or type where a link belongs. */

/**
 * The link within what was pasted, or else what may have been one, without the quotes and the
 * punctuation around it: a link ends with none of them.
 */
export function pastedLink(pasted: string): string {
  const found = /https?:\/\/[^\s#]+#\S*/.exec(pasted) ?? /https?:\/\/\S+/.exec(pasted);
  const text = found?.[0] ?? pasted.trim();
  return text.replace(/^["'“<(]+|["'”>).,;:!]+$/g, "") || text;
}

/** Whether this may be meant as a link or code, rather than any text. */
export function meantAsLink(pasted: string): boolean {
  return /^\S*#\S+$|^https?:\/\/\S+$|^[\w-]{40,}$/.test(pastedLink(pasted));
}
