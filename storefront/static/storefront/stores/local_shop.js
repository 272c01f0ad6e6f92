/** Facts of the shop with their texts in the customer's language: Telegram's may differ from the browser's. */
import * as api from "../api.js";
import { language } from "../i18n/language.js";
import { shop } from "../page_data.js";
import { createStore } from "./store.js";

export const localShop = createStore(shop);

/** Ask for the facts as they are now: staff may have changed the settings. Without an answer they stay. */
export const refreshShop = () => api.shop().then(localShop.set, () => {});

if (language !== shop.language) refreshShop();
