/** The words of documents: the same as those on printed certificates, in the same languages. */
import type english from "../../../src/signedcert/documents/languages/en.json";

export type Catalogue = Omit<typeof english, "share_kit">;
