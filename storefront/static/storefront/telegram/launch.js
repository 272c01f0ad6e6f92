/** Launch parameters of Telegram, read from `location.hash`: Telegram's script is not needed for them. */
import { demoInitData, parsed } from "../page_data.js";

const given = new URLSearchParams(location.hash.slice(1));
const query = new URLSearchParams(location.search);

/** Whether a Telegram client opened this page. */
export const launchedByTelegram = given.has("tgWebAppVersion") || given.has("tgWebAppData");
const fromTelegram = given.get("tgWebAppData") ?? "";
export const isDemo = !fromTelegram && demoInitData !== "";
/** For `Authorization: tma …`; "" in an ordinary browser. */
export const initData = fromTelegram || demoInitData;

const signed = new URLSearchParams(initData);
/** @type {{id: number, first_name?: string, last_name?: string, language_code?: string} | null} */
export const user = parsed(signed.get("user"));
/** @type {Record<string, string> | null} */
export const themeParams = parsed(given.get("tgWebAppThemeParams"));
/** Where a link into the shop leads, such as `p_7`. */
export const startParam =
  query.get("startapp") ?? query.get("tgWebAppStartParam") ?? signed.get("start_param") ?? given.get("tgWebAppStartParam");
