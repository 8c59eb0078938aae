/**
 * What was signed, in the JSON form of docs/spec.md, section 6.4: field names as in the tables of
 * sections 6.2 and 15.2; ids as printed codes; moments and dates as in RFC 3339
 * (`2026-11-02T10:00:00Z`, `2026-11-02`); decimals as a number, or as text where a double would not
 * hold them exactly; digests in lower-case hexadecimal. A field that is absent is left out: there
 * are no nulls, no empty arrays, and a flag is true or absent.
 */

/** A decimal quantity: a number, or text where an IEEE 754 double would not hold it exactly. */
export type Decimal = number | string;

/** Labels of 128 and above, by their decimal number: known to a later version, shown as they are. */
export type Additional = { readonly [label: string]: Json };

export type Json = number | boolean | string | readonly Json[] | { readonly [name: string]: Json };

/** What the learner does not show. */
export interface Withheld {
  readonly withheld: true;
}

interface Extensible {
  readonly additional?: Additional;
}

export interface Person extends Extensible {
  readonly name: string;
  readonly latin_name?: string;
}

export interface Module extends Extensible {
  readonly title: string;
  readonly topics?: readonly string[];
  readonly hours?: Decimal;
}

export interface Workload extends Extensible {
  readonly weeks?: number;
  readonly hours_per_week?: readonly [Decimal, Decimal];
  readonly total_hours?: Decimal;
}

export interface Credits extends Extensible {
  readonly amount: Decimal;
  /** A name of the enumeration CreditSystem, or the issuer's own words. */
  readonly system: string;
}

export interface Course extends Extensible {
  readonly title: string;
  readonly institution: string;
  readonly partner_institutions?: readonly string[];
  readonly code?: string;
  /** May have line feeds. */
  readonly description?: string;
  readonly syllabus?: readonly Module[];
  readonly workload?: Workload;
  /** A name of the enumeration Level, or the issuer's own words. */
  readonly level?: string;
  readonly language?: string;
  readonly delivery?: string;
  readonly credits?: Credits;
  readonly url?: string;
}

export interface Result extends Extensible {
  readonly score?: Decimal;
  readonly maximum?: Decimal;
  readonly grade?: string;
  readonly with_distinction?: true;
}

export interface Signatory extends Extensible {
  readonly name: string;
  readonly title?: string;
  readonly organisation?: string;
}

export interface Skill extends Extensible {
  readonly name: string;
  readonly url: string;
}

export interface Organisation extends Extensible {
  readonly name: string;
  readonly url?: string;
}

export interface IdentityCheck extends Extensible {
  /** A name of the enumeration IdentityMethod, or the issuer's own words. */
  readonly method: string;
  readonly performed_by?: string;
  readonly performed_on?: string;
  /** A name of the enumeration Assurance, or the issuer's own words. */
  readonly assurance?: string;
  readonly portrait_digest?: string;
}

export interface StatusReference {
  readonly list: number;
  readonly index: number;
}

interface Signed extends Extensible {
  /** The printed code. */
  readonly id: string;
  readonly issuer: string;
  readonly issued_at: string;
  readonly valid_from?: string;
  readonly expires_at?: string;
  readonly course: Course;
  readonly language?: string;
  readonly status?: StatusReference;
  readonly additional_claims?: Additional;
}

export interface Certificate extends Signed {
  readonly learner: Person;
  readonly completed_on: string;
  /** A name of the enumeration CertificateKind, or the title awarded. */
  readonly awarded_title?: string;
  readonly result?: Result;
  readonly signatories?: readonly Signatory[];
  readonly skills?: readonly (string | Skill)[];
  readonly awarding_body?: Organisation;
  readonly identity_checks?: readonly IdentityCheck[];
  /** Names of the enumeration Limitation, or the issuer's own words. */
  readonly limitations?: readonly string[];
  readonly record_id?: string;
}

export interface Component extends Extensible {
  /** A name of the enumeration AssessmentKind, or the issuer's own words. */
  readonly kind: string;
  readonly count?: number;
  readonly weight?: Decimal;
}

export interface CourseFormat extends Extensible {
  readonly components?: readonly Component[];
  readonly passing_score?: Decimal;
  readonly passing_rule?: string;
}

export interface Assessment extends Extensible {
  readonly title: string;
  /** A name of the enumeration AssessmentKind, or the issuer's own words. */
  readonly kind: string;
  readonly score?: Decimal;
  readonly maximum?: Decimal;
  readonly weight?: Decimal;
  readonly submitted_on?: string;
  readonly attempts?: number;
  readonly late?: true;
}

/** What the learner signed in a share (section 15.6). */
export interface ShareClaims extends Extensible {
  readonly audience: string;
  readonly expires_at: string;
  readonly issued_at: string;
  readonly id: string;
  readonly slot: number;
  readonly additional_claims?: Additional;
}

/** A course record as shown (section 15.5). A field that is absent is not in the record. */
export interface SharedRecord extends Signed {
  readonly started_on?: string;
  readonly ended_on?: string;
  readonly course_format?: CourseFormat;
  readonly learner?: Person | Withheld;
  readonly final_score?: Result | Withheld;
  /** Rows in order; a row that is withheld may be a decoy, so these must not be counted. */
  readonly assessments?: readonly (Assessment | Withheld)[] | Withheld;
  readonly identity_checks?: readonly (IdentityCheck | Withheld)[] | Withheld;
  readonly holder_key: { readonly kty: "OKP"; readonly crv: "Ed25519"; readonly x: string };
  readonly share_places?: { readonly list: number; readonly first: number };
  /** At least one digest of an entry was not disclosed: something is withheld. */
  readonly withholds_entries: boolean;
  /** What the learner signed; absent where HOLDER did not pass. */
  readonly share?: ShareClaims;
}

export type Statement =
  | { readonly kind: "certificate"; readonly certificate: Certificate }
  | { readonly kind: "record"; readonly record: SharedRecord };
