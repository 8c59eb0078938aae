/** That a key was taken out of use, in the terms of section 10.3. */
export interface KeyRevocation {
  readonly end: "superseded" | "compromised" | "unspecified";
  readonly since: number;
  /** Digests of 16 bytes, ascending, of the tokens that the issuer vouches for (section 11.6). */
  readonly vouched: Uint8Array | null;
}

/** A key for statements: a pair of issuer and public key, with when it may sign (section 10.3). */
export interface KeyEntry {
  readonly issuer: string;
  readonly key: Uint8Array;
  readonly kid: Uint8Array;
  readonly notBefore: number | null;
  readonly notAfter: number | null;
  readonly revocation: KeyRevocation | null;
}
