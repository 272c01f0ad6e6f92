/** Checkout: contact data, the sum, and one tap that places one order. */
import { asProblem, Problem } from "../api.js";
import { Consent, consentGiven } from "../components/consent.js";
import { ContactFields } from "../components/contact_fields.js";
import { MainAction } from "../components/main_action.js";
import { Failure, WayOn, wordsFor } from "../components/messages.js";
import { PageTop } from "../components/page_top.js";
import { html } from "../html.js";
import { money, priceText, t } from "../i18n/language.js";
import { asPrice, hundredths } from "../money.js";
import { go, startOver } from "../router.js";
import { acceptChanges, cart, check, clearCart, noteShortage } from "../stores/cart.js";
import { count, hasChanges, hasShortage, titleOf, total } from "../stores/cart_items.js";
import { keepAfterOrder, keepContact, knownContact, mistakesIn, phoneInProfile, tidied } from "../stores/contact.js";
import { localShop, refreshShop } from "../stores/local_shop.js";
import { isUncertain, send } from "../stores/order_attempt.js";
import { forgetProductLists } from "../stores/product_lists.js";
import { useStore } from "../stores/store.js";
import { client, guardClosing, haptics } from "../telegram/client.js";
import { initData } from "../telegram/launch.js";
import { useEffect, useRef, useState } from "../vendor/hooks.js";

/** @typedef {import("../stores/contact.js").ContactField} ContactField */
/** @typedef {import("../stores/cart_items.js").CartItem} CartItem */
/** @typedef {Partial<Record<ContactField, string>>} Mistakes a sentence for each field that is wrong */
/** @typedef {{was: number, now: number}} NewTotal in hundredths */

export default function CheckoutPage() {
  const items = useStore(cart);
  const { contact, mistakes, setMistakes, change } = useContact();
  const { place, sending, problem, newTotal, sum } = usePlacing(items, contact, setMistakes);
  const form = useRef(/** @type {HTMLFormElement | null} */ (null));
  useClosingGuard();
  useEffect(() => {
    /** @type {HTMLElement | null | undefined} */ (form.current?.querySelector("[aria-invalid=true]"))?.focus();
  }, [mistakes]);

  if (!initData) return html`<${PageTop} title=${t("checkout")} /><${Failure} problem=${new Problem("init_data_missing")} />`;

  /** @param {Event} event */
  const submit = (event) => {
    event.preventDefault();
    place();
  };
  return html`<${PageTop} title=${t("checkout")} />
    <form class="narrow" ref=${form} noValidate onSubmit=${submit}>
      <${Trouble} problem=${problem} retry=${place} />
      ${newTotal && html`<${Warning} title=${t("totalChanged")} hint=${t("totalChangedHint", { was: money(newTotal.was), now: money(sum) })} />`}
      <${ContactFields} contact=${contact} mistakes=${mistakes} change=${change} />
      <${Summary} items=${items} sum=${sum} />
      <${Consent} />
      <button type="submit" hidden></button>
    </form>
    <${MainAction} busy=${sending} onPress=${place}
      text=${sending ? t("placing") : t(newTotal ? "confirmNewTotal" : "placeOrder", { total: money(sum) })} />`;
}

/** Have Telegram ask before it closes the shop: what was typed would be lost. */
function useClosingGuard() {
  const app = useStore(client);
  useEffect(() => {
    guardClosing(true);
    return () => guardClosing(false);
  }, [app]);
}

/** The recipient as typed, kept on the device, and what is wrong with it. */
function useContact() {
  const [contact, setContact] = useState(knownContact);
  const [mistakes, setMistakes] = useState(/** @type {Mistakes} */ ({}));
  useEffect(() => {
    if (!contact.phone) phoneInProfile().then((phone) => phone && setContact((now) => (now.phone ? now : { ...now, phone })));
  }, []);
  /** @param {ContactField} field @param {string} value */
  const change = (field, value) => {
    setContact((now) => {
      const next = { ...now, [field]: value };
      keepContact(next);
      return next;
    });
    setMistakes(({ [field]: corrected, ...others }) => others);
  };
  return { contact, mistakes, setMistakes, change };
}

/**
 * Placing the order: one request at a time, and what a refusal changes.
 * @param {CartItem[]} items
 * @param {API.Contact} contact
 * @param {(mistakes: Mistakes) => void} setMistakes
 */
function usePlacing(items, contact, setMistakes) {
  const [problem, setProblem] = useState(() => (isUncertain() ? new Problem("uncertain") : null));
  const [newTotal, setNewTotal] = useState(/** @type {NewTotal | null} */ (null));
  const [sending, setSending] = useState(false);
  const underWay = useRef(false);
  const sum = newTotal ? newTotal.now : total(items);
  useEffect(() => {
    // Changed items are shown in the cart.
    if ((!items.length || hasChanges(items)) && !underWay.current) go({ page: "cart" }, { replace: true });
  }, [items, sending]);

  const place = async () => {
    if (underWay.current) return;
    const tidy = tidied(contact);
    const mistakes = mistakesIn(tidy);
    setMistakes(mistakes);
    if (Object.keys(mistakes).length) return haptics.error();
    underWay.current = true;
    setSending(true);
    setProblem(null);
    try {
      await order(tidy, sum);
    } catch (error) {
      haptics.error();
      await answer(asProblem(error));
      setSending(false);
      underWay.current = false;
    }
  };

  /** @param {Problem} refusal */
  const answer = async (refusal) => {
    if (refusal.code === "out_of_stock" || refusal.code === "product_unavailable") {
      noteShortage(refusal.body.items ?? []);
      return go({ page: "cart" }, { replace: true });
    }
    if (refusal.code === "price_changed") {
      const failure = await check().then(() => null, asProblem);
      if (failure) return setProblem(failure); // the new total waits for the prices that make it up
      setNewTotal({ was: sum, now: hundredths(refusal.body.total ?? "") });
      return hasShortage(cart.get()) ? go({ page: "cart" }, { replace: true }) : acceptChanges();
    }
    setNewTotal(null);
    if (["orders_closed", "min_total", "consent_outdated"].includes(refusal.code)) {
      await refreshShop();
      if (refusal.code !== "consent_outdated") return go({ page: "cart" }, { replace: true });
    }
    const fields = refusedFields(refusal, contact);
    setMistakes(fields);
    if (!Object.keys(fields).length) setProblem(refusal);
  };
  return { place, sending, problem, newTotal, sum };
}

/** Send the order, and go on to its page. @param {API.Contact} contact @param {number} sum in hundredths */
async function order(contact, sum) {
  const { id } = await send({
    items: cart.get().map((item) => ({ variant_id: item.id, quantity: item.quantity })),
    ...contact,
    expected_total: asPrice(sum),
    consent: consentGiven(),
  });
  haptics.success();
  keepAfterOrder(contact);
  forgetProductLists();
  clearCart();
  startOver({ page: "order", id, placed: true });
}

/** Sentences of the API for fields of the page. @param {Problem} refusal @param {API.Contact} contact @returns {Mistakes} */
function refusedFields({ code, body }, contact) {
  if (code !== "invalid") return {};
  const named = Object.entries(body.errors ?? {}).filter(([field]) => field in contact);
  const { message: phone } = localShop.get().phone; // the one that the page says itself
  return Object.fromEntries(named.map(([field, [{ message }]]) => [field, field === "phone" ? phone : message]));
}

/** @param {{items: CartItem[], sum: number}} props */
function Summary({ items, sum }) {
  return html`<section class="sheet">
    <h2>${t("yourOrder")}</h2>
    <ul class="summary">
      ${items.map((item) => html`<li key=${item.id}><span>${titleOf(item)}</span><span>${item.quantity} × ${priceText(item.price)}</span></li>`)}
    </ul>
    <p class="total"><span>${t("total")}, ${t("pieces", { count: count(items) })}</span> <strong>${money(sum)}</strong></p>
  </section>`;
}

/** Why the order is not placed, or not known to be. @param {{problem: Problem | null, retry: () => void}} props */
function Trouble({ problem, retry }) {
  if (!problem) return null;
  if (problem.code === "uncertain") return html`<${Warning} title=${t("uncertain")} hint=${t("uncertainHint")} />`;
  if (problem.code === "idempotency_key_reused") {
    return html`<${Warning} title=${t("alreadyPlaced")} hint=${t("alreadyPlacedHint")}>
      <button type="button" class="button quiet" onClick=${() => go({ page: "orders" })}>${t("orders")}</button>
    <//>`;
  }
  const words = wordsFor(problem);
  const unknown = ["network", "timeout", "idempotency_key_in_use"].includes(problem.code) || problem.status >= 500;
  return html`<${Warning} title=${unknown ? t("notSent") : words.title}
    hint=${unknown ? `${words.title}. ${t("notSentHint")}` : words.hint}>
    <${WayOn} problem=${problem} retry=${retry} />
  <//>`;
}

/** @param {{title: string, hint: string, children?: import("../html.js").Children}} props */
function Warning({ title, hint, children }) {
  return html`<div class="warning" role="alert"><p><strong>${title}</strong><br />${hint}</p>${children}</div>`;
}
