/** Starts the page. What comes over the network is asked for before anything else. */
import { Keeper } from "../keeping/keeper.ts";
import { refreshIssuer } from "../keeping/refresh.ts";
import { installWorker } from "../worker/install.ts";
import { listen } from "./arrivals.ts";
import { prepareFonts } from "./fonts.ts";
import { prepareDates } from "./format.ts";
import {
  direction,
  fetchWords,
  type Language,
  preferred,
  rememberedLanguage,
  rememberLanguage,
  variant,
} from "./language.ts";
import { Page } from "./page.ts";
import { meantAsLink } from "./pasted.ts";
import { say, speak } from "./words.ts";
import { Frame } from "./views/frame.ts";

/** The answer comes first; what the service worker fetches is for the next visit. */
const WORKER_MS = 800;

/** The address without its fragment, which is nobody's business but the check's. */
const address = new URL(location.pathname + location.search, location.origin);
const keeper = Keeper.open();
const refreshed = refreshIssuer(keeper, address);

const frame = new Frame();
const page = new Page(address, keeper, refreshed, frame);

const around = {
  choose: (language: Language): void => {
    rememberLanguage(language);
    void use(language).then((spoken) => {
      if (spoken) page.draw();
    });
  },
  startOver: (): void => page.startOver(),
  openSettings: (): void => void page.openSettings(),
};

/** Speaks the language, else English. False where neither can be had. */
async function use(language: Language): Promise<boolean> {
  for (const each of language === "en" ? [language] : [language, "en" as const]) {
    const words = await fetchWords(each, address);
    if (words === null) continue;
    speak(each, variant(each, navigator.languages), words);
    document.documentElement.lang = each;
    document.documentElement.dir = direction(each);
    frame.around(around);
    return true;
  }
  return false;
}

const chosen = rememberedLanguage() ?? preferred(navigator.languages);
const speaks = use(chosen);
page.readAddress();
addEventListener("hashchange", () => page.readAddress());
listen({
  file: (file) => void page.takeFile(file),
  text: (text) => {
    if (meantAsLink(text)) page.takeText(text);
    else frame.tell(say("found.nothing_pasted"));
  },
});
// While all that is on its way.
prepareFonts();
prepareDates(variant(chosen, navigator.languages));
if (await speaks) {
  page.begin();
} else {
  document.getElementById("wordless")?.removeAttribute("hidden");
}
setTimeout(() => void installWorker(), WORKER_MS);
