/** Telegram's client: what it can do for the page, each behind the version that brought it. */
import { launchedByTelegram, themeParams } from "./launch.js";
import { createStore } from "../stores/store.js";
import { applyTheme } from "./theme.js";

const SCRIPT = "https://telegram.org/js/telegram-web-app.js";

/** Telegram's WebApp object once its script is there; null before, without it, or outside of a client. */
export const client = createStore(/** @type {TelegramApp | null} */ (null));

/** Whether a client listens: the same places that Telegram's script looks at. */
function hasBridge() {
  return Boolean(window.TelegramWebviewProxy || (window.external && "notify" in window.external) || parent !== window);
}

/** Take the colours that came with the page, and fetch Telegram's script; the page is drawn without it. */
export function startTelegram() {
  applyTheme(themeParams);
  if (!launchedByTelegram) return;
  const script = document.createElement("script");
  script.src = SCRIPT;
  script.async = true;
  script.onload = connect;
  document.head.append(script);
}

/** Have Telegram remove its placeholder, without its script: that may be a minute in coming, or never come. */
export function sayReady() {
  window.TelegramWebviewProxy?.postEvent("web_app_ready", "{}");
  if (parent !== window) parent.postMessage(JSON.stringify({ eventType: "web_app_ready" }), "https://web.telegram.org");
}

function connect() {
  const app = window.Telegram?.WebApp;
  if (!app || !hasBridge()) return;
  const retheme = () => {
    const button = applyTheme({ ...app.themeParams });
    if (button) app.MainButton.setParams(button);
  };
  retheme();
  app.onEvent("themeChanged", retheme);
  app.expand();
  if (app.isVersionAtLeast("6.1")) {
    app.setHeaderColor("bg_color");
    app.setBackgroundColor("bg_color");
  }
  client.set(app);
  app.ready();
}

/** The client, if it is there and not older than `version`. @param {string} version */
export function atLeast(version) {
  const app = client.get();
  return app?.isVersionAtLeast(version) ? app : null;
}

export const haptics = {
  tap: () => atLeast("6.1")?.HapticFeedback.impactOccurred("light"),
  success: () => atLeast("6.1")?.HapticFeedback.notificationOccurred("success"),
  error: () => atLeast("6.1")?.HapticFeedback.notificationOccurred("error"),
};

/** While typed text could be lost, have the client ask before it closes, and not close on a swipe. @param {boolean} on */
export function guardClosing(on) {
  const app = atLeast("6.2");
  if (on) app?.enableClosingConfirmation();
  else app?.disableClosingConfirmation();
  const swiping = atLeast("7.7");
  if (on) swiping?.disableVerticalSwipes();
  else swiping?.enableVerticalSwipes();
}

/** Ask for the phone number that Telegram knows. @returns {Promise<string>} "" if it was not given */
export function requestPhone() {
  return new Promise((resolve) => {
    const app = atLeast("6.9");
    if (!app) return resolve("");
    app.requestContact((shared, answer) => {
      const contact = shared && "responseUnsafe" in answer ? answer.responseUnsafe?.contact : undefined;
      const number = String(contact?.phone_number ?? "");
      resolve(number && !number.startsWith("+") ? `+${number}` : number);
    });
  });
}

/** Offer a link to the customer's chats. @param {string} url @param {string} text @returns {boolean} whether the client could */
export function shareInTelegram(url, text) {
  const app = atLeast("6.1");
  app?.openTelegramLink(`https://t.me/share/url?url=${encodeURIComponent(url)}&text=${encodeURIComponent(text)}`);
  return Boolean(app);
}
