/** The version of signedcert that this page belongs to. */
export const VERSION = "0.1.0";
