/** The start of the shop. */
import { App } from "./app.js";
import { html } from "./html.js";
import { language } from "./language.js";
import { startTelegram } from "./telegram.js";
import { render } from "./vendor/preact.js";

document.documentElement.lang = language;
startTelegram();
const place = document.getElementById("shop");
place.replaceChildren();
render(html`<${App} />`, place);
