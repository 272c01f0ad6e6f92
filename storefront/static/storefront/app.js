/** The frame of all pages: the banner, the page itself, the way back, the cart within reach. */
import { basket, count, total } from "./basket.js";
import { Confirming } from "./confirming.js";
import { html } from "./html.js";
import { money, t } from "./language.js";
import { isDemo } from "./launch.js";
import { MainAction } from "./main_action.js";
import { Notices } from "./notices.js";
import { Page } from "./pages.js";
import { depth, go, goBack, route } from "./router.js";
import { ShopTop } from "./shop_top.js";
import { useStore } from "./store.js";
import { client } from "./telegram.js";
import { useEffect } from "./vendor/hooks.js";

export function App() {
  const shown = useStore(route);
  useBackButton(shown);
  return html`
    ${isDemo && html`<aside class="demo" aria-label=${t("demoLabel")}>${t("demo")}</aside>`}
    ${shown.page === "catalogue" && html`<${ShopTop} />`}
    <main><${Page} key=${shown.page} route=${shown} /></main>
    ${shown.page === "catalogue" && html`<${CartBar} />`}
    <${Notices} />
    <${Confirming} />`;
}

function CartBar() {
  const lines = useStore(basket);
  if (!lines.length) return null;
  const sum = money(total(lines));
  const pieces = count(lines);
  return html`<${MainAction} text=${t("cartButton", { count: pieces, total: sum })} onPress=${() => go({ page: "cart" })}>
    <span>${t("cart")}</span> <small>${t("pieces", { count: pieces })}</small> <strong>${sum}</strong>
  <//>`;
}

function useBackButton(shown) {
  const app = useStore(client);
  const button = app?.isVersionAtLeast("6.1") ? app.BackButton : null;
  useEffect(() => {
    button?.onClick(goBack);
    return () => void button?.offClick(goBack);
  }, [button]);
  useEffect(() => {
    if (shown.page === "catalogue" && depth() === 0) button?.hide();
    else button?.show();
  }, [button, shown]);
}
