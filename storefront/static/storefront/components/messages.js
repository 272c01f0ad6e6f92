/** Messages in place of content: nothing is here, or a request failed, with the button that helps. */
import { html } from "../html.js";
import { t } from "../i18n/language.js";
import { Icon } from "./icons.js";
import { shop } from "../page_data.js";
import { client } from "../telegram/client.js";
import { isDemo } from "../telegram/launch.js";
import { useEffect, useState } from "../vendor/hooks.js";

/** @typedef {import("../api.js").Problem} Problem */
/** @typedef {import("../i18n/language.js").TextKey} TextKey */
/** @typedef {import("./icons.js").IconName} IconName */

/**
 * An empty page or list: what that means, and where to go.
 * @param {{icon: IconName, title: string, hint: string, children?: import("../html.js").Children}} props
 */
export function Empty({ icon, title, hint, children }) {
  return html`<section class="empty">
    <${Icon} name=${icon} />
    <h2>${title}</h2>
    <p>${hint}</p>
    ${children}
  </section>`;
}

/** @param {Problem} problem @returns {{title: string, hint: string, icon: IconName}} */
export function wordsFor(problem) {
  /** @param {TextKey} key @param {TextKey} hint @param {IconName} [icon] */
  const words = (key, hint, icon = "alert") => ({ title: t(key), hint: t(hint), icon });
  const { code, status } = problem;
  if (code === "network") return words("noNetwork", "noNetworkHint", "offline");
  if (code === "timeout") return words("timeout", "timeoutHint");
  if (code === "init_data_missing") return words("onlyInTelegram", "onlyInTelegramHint");
  if (code.startsWith("init_data_")) return words("expired", isDemo ? "expiredDemoHint" : "expiredHint");
  if (code === "account_disabled") return words("disabled", "disabledHint");
  if (code === "throttled") {
    return { title: t("throttled"), hint: t("throttledHint", { count: problem.retryAfter || 30 }), icon: "alert" };
  }
  if (status >= 500 || status === 0 || !problem.body.detail) return words("serverError", "serverErrorHint");
  return { title: t("refused"), hint: problem.body.detail, icon: "alert" };
}

/** In place of a part of a page that could not be shown. @param {{problem: Problem, retry?: () => void}} props */
export function Failure({ problem, retry }) {
  const words = wordsFor(problem);
  return html`<section class="empty" role="alert">
    <${Icon} name=${words.icon} />
    <h2>${words.title}</h2>
    <p>${words.hint}</p>
    <${WayOn} problem=${problem} retry=${retry} />
  </section>`;
}

/**
 * The button that fits the failure: open in Telegram, reload, close, or try again.
 * @param {{problem: Problem, retry?: () => void}} props
 */
export function WayOn({ problem, retry }) {
  if (problem.code === "init_data_missing") {
    return shop.bot_url && html`<a class="button" href=${shop.bot_url}>${t("openTelegram")}</a>`;
  }
  if (problem.code.startsWith("init_data_")) {
    const app = client.get();
    if (app && !isDemo) return html`<button type="button" class="button" onClick=${() => app.close()}>${t("closeShop")}</button>`;
    return isDemo && html`<button type="button" class="button" onClick=${() => location.reload()}>${t("reload")}</button>`;
  }
  if (problem.code === "account_disabled" || !retry) return null;
  return html`<${Retry} key=${problem} wait=${problem.retryAfter} retry=${retry} />`;
}

/** @param {{wait: number, retry: () => void}} props `wait`: seconds until it may be pressed */
function Retry({ wait, retry }) {
  const [left, setLeft] = useState(wait);
  useEffect(() => {
    if (left <= 0) return;
    const timer = setTimeout(() => setLeft(left - 1), 1000);
    return () => clearTimeout(timer);
  }, [left]);
  const again = () => left <= 0 && retry();
  return html`<button type="button" class="button" aria-disabled=${left > 0} onClick=${again}>
    ${t("retry")}${left > 0 && ` (${left})`}
  </button>`;
}
