/** Start of the shop: takes over the markup that the server has drawn. */
import { App } from "./app.js";
import { html } from "./html.js";
import { language } from "./i18n/language.js";
import { fetchOtherPages } from "./pages/page.js";
import { route } from "./router.js";
import { loadFavourites } from "./stores/favourites.js";
import { sayReady, startTelegram } from "./telegram/client.js";
import { isDemo } from "./telegram/launch.js";
import { render } from "./vendor/preact.js";

document.documentElement.lang = language;
startTelegram();
const root = /** @type {HTMLElement} */ (document.getElementById("shop"));
// The server could not know what only the hash says: a link to a product, or that this is no demo.
const isAsDrawn = route.get().page === "catalog" && Boolean(root.querySelector(".demo")) === isDemo;
if (!isAsDrawn) root.replaceChildren();
render(html`<${App} />`, root);
root.inert = false;
root.removeAttribute("aria-busy");
sayReady();
fetchOtherPages();
loadFavourites();
