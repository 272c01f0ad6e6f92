/** What Telegram hands over at the start. It is in `location.hash`, and needs none of Telegram's script to be read. */
import { parsed } from "../json.js";
import { demoInitData } from "../page_data.js";

const given = new URLSearchParams(location.hash.slice(1));
const query = new URLSearchParams(location.search);

/** Telegram is around us: a client that opened this page. */
export const launchedByTelegram = given.has("tgWebAppVersion") || given.has("tgWebAppData");
const fromTelegram = given.get("tgWebAppData") ?? "";
export const isDemo = !fromTelegram && demoInitData !== "";
/** For `Authorization: tma …`; "" in an ordinary browser. */
export const initData = fromTelegram || demoInitData;

const signed = new URLSearchParams(initData);
/** @type {{id: number, first_name?: string, last_name?: string, language_code?: string} | null} */
export const user = parsed(signed.get("user"));
export const themeParams = parsed(given.get("tgWebAppThemeParams"));
/** Where a link into the shop leads, such as `p_7`. */
export const startParam =
  query.get("startapp") ?? query.get("tgWebAppStartParam") ?? signed.get("start_param") ?? given.get("tgWebAppStartParam");
