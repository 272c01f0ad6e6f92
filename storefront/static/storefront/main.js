/** The start of the shop. */
import { App } from "./app.js";
import { html } from "./html.js";
import { language } from "./i18n/language.js";
import { fetchOtherPages } from "./pages/page.js";
import { route } from "./router.js";
import { sayReady, startTelegram } from "./telegram/client.js";
import { isDemo } from "./telegram/launch.js";
import { render } from "./vendor/preact.js";

document.documentElement.lang = language;
startTelegram();
const place = document.getElementById("shop");
// The server has drawn the first products already; its markup is taken over, and now it does something. It could not
// know what only the hash says: a link to a product, or that this is no demo.
const isAsDrawn = route.get().page === "catalog" && Boolean(place.querySelector(".demo")) === isDemo;
if (!isAsDrawn) place.replaceChildren();
render(html`<${App} />`, place);
place.inert = false;
place.removeAttribute("aria-busy");
sayReady();
fetchOtherPages();
