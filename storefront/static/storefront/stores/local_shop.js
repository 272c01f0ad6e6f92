/** Facts of the shop with their texts in the customer's language: Telegram's may differ from the browser's. */
import * as api from "../api.js";
import { language } from "../i18n/language.js";
import { shop } from "../page_data.js";
import { createStore } from "./store.js";

export const localShop = createStore(shop);
// Without an answer the texts stay in the language of the page.
if (language !== shop.language) api.shop().then(localShop.set, () => {});
