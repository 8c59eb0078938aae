/**
 * How the page names itself in reports. `signedcert doctor` looks for these words in the page as it
 * was built, so they stand there in one piece.
 */
export const TOOL = "signedcert verify page 0.1.0";

/** The version of signedcert that this page belongs to. */
export const VERSION = TOOL.slice("signedcert verify page ".length);
