/** Checkout: contact data, the sum, and one tap that places one order. */
import * as api from "../api.js";
import { Consent, consentGiven } from "../components/consent.js";
import { ContactFields } from "../components/contact_fields.js";
import { DeliveryFields, PaymentFields } from "../components/delivery_fields.js";
import { MainAction } from "../components/main_action.js";
import { Failure, WayOn, wordsFor } from "../components/messages.js";
import { notify } from "../components/notices.js";
import { PageTop } from "../components/page_top.js";
import { PromoField } from "../components/promo_field.js";
import { useLoading } from "../components/use_loading.js";
import { html } from "../html.js";
import { money, priceText, t } from "../i18n/language.js";
import { asPrice, hundredths } from "../money.js";
import { go, startOver } from "../router.js";
import { acceptChanges, cart, check, clearCart, noteShortage } from "../stores/cart.js";
import { count, hasChanges, hasShortage, titleOf, total } from "../stores/cart_items.js";
import { keepChoice, knownChoice, mistakesInChoice, offered, sentDelivery } from "../stores/checkout_choice.js";
import { keepAfterOrder, keepContact, knownContact, mistakesIn, phoneInProfile, tidied } from "../stores/contact.js";
import { localShop, refreshShop } from "../stores/local_shop.js";
import { isUncertain, send } from "../stores/order_attempt.js";
import { forgetProductLists } from "../stores/product_lists.js";
import { useStore } from "../stores/store.js";
import { client, guardClosing, haptics } from "../telegram/client.js";
import { initData } from "../telegram/launch.js";
import { useEffect, useRef, useState } from "../vendor/hooks.js";

const { asProblem, Problem } = api;

/** @typedef {import("../stores/contact.js").ContactField} ContactField */
/** @typedef {import("../stores/checkout_choice.js").Choice} Choice */
/** @typedef {import("../api.js").Problem} ShopProblem */
/** @typedef {{methods: API.DeliveryMethod[], payments: API.PaymentMethod[]}} Offer what the shop offers to choose from */
/** @typedef {import("../stores/cart_items.js").CartItem} CartItem */
/** @typedef {Partial<Record<string, string>>} Mistakes a sentence for each field that is wrong */
/** @typedef {{was: number, now: number}} NewTotal in hundredths */

/** @returns {Promise<Offer>} */
const askOffer = async () => {
  const [methods, payments] = await Promise.all([api.deliveryMethods(), api.paymentMethods()]);
  return { methods, payments };
};

export default function CheckoutPage() {
  const items = useStore(cart);
  const { value: offer, problem, retry } = useLoading(askOffer, []);
  useEffect(() => {
    if (!items.length) go({ page: "cart" }, { replace: true });
  }, []);
  if (!initData) return html`<${PageTop} title=${t("checkout")} /><${Failure} problem=${new Problem("init_data_missing")} />`;
  if (problem) return html`<${PageTop} title=${t("checkout")} /><${Failure} problem=${problem} retry=${retry} />`;
  if (!offer) return html`<${PageTop} title=${t("checkout")} /><div class="narrow" aria-busy="true"><div class="skeleton order-row"></div></div>`;
  return html`<${Form} items=${items} offer=${offer} askAgain=${retry} />`;
}

/** @param {{items: CartItem[], offer: Offer, askAgain: () => void}} props */
function Form({ items, offer, askAgain }) {
  const { methods, payments } = offer;
  const [choice, setChoice] = useState(() => offered(knownChoice(), methods, payments));
  const { contact, mistakes, setMistakes, change } = useContact();
  const method = methods.find(({ id }) => id === choice.delivery?.method_id);
  const { quote, refused, askQuote, forgetQuote } = useQuote(items, choice, method);
  const { place, sending, problem, newTotal, sum } = usePlacing({ items, contact, choice, offer, method, quote, setMistakes, askQuote, forgetQuote, askAgain });
  const form = useRef(/** @type {HTMLFormElement | null} */ (null));
  useClosingGuard();
  useEffect(() => {
    /** @type {HTMLElement | null | undefined} */ (form.current?.querySelector("[aria-invalid=true]"))?.focus();
  }, [mistakes]);

  /** @param {Partial<Choice>} changed @param {string[]} fields whose mistakes are corrected */
  const choose = (changed, fields) => {
    const next = { ...choice, ...changed };
    setChoice(next);
    keepChoice(next);
    setMistakes((now) => Object.fromEntries(Object.entries(now).filter(([field]) => !fields.includes(field))));
  };
  /** @param {Partial<API.DeliveryChoice>} changed */
  const deliver = (changed) =>
    choose(offered({ ...choice, delivery: /** @type {API.DeliveryChoice} */ ({ ...choice.delivery, ...changed }) }, methods, payments),
      ["delivery", ...Object.keys(changed), ...("method_id" in changed ? ["address", "town", "postcode"] : [])]);
  /** @param {Event} event */
  const submit = (event) => {
    event.preventDefault();
    place();
  };
  const promoMistake = refused.find(({ code }) => code.startsWith("promo_"))?.detail;
  const refusedDelivery = refused.filter(({ code }) => code.startsWith("delivery_") && code !== "delivery_field_required");
  return html`<${PageTop} title=${t("checkout")} />
    <form class="narrow" ref=${form} noValidate onSubmit=${submit}>
      <${Trouble} problem=${problem} retry=${place} />
      ${newTotal && html`<${Warning} title=${t("totalChanged")} hint=${t("totalChangedHint", { was: money(newTotal.was), now: money(sum) })} />`}
      <${ContactFields} contact=${contact} mistakes=${mistakes} change=${change} withAddress=${!methods.length} />
      ${methods.length > 0 && html`<${DeliveryFields} methods=${methods} delivery=${choice.delivery} address=${contact.address} mistakes=${mistakes}
        change=${deliver} changeAddress=${(/** @type {string} */ address) => change("address", address)} />`}
      ${refusedDelivery.map(({ detail }) => html`<p class="mistake" role="alert">${detail}</p>`)}
      ${payments.length > 0 && html`<${PaymentFields} payments=${payments} chosen=${choice.payment} mistake=${mistakes.payment}
        choose=${(/** @type {number} */ payment) => choose({ payment }, ["payment"])} />`}
      <${Summary} items=${items} quote=${quote} sum=${sum}>
        ${localShop.get().has_promo_codes && html`<${PromoField} promo=${quote?.promo ?? null} code=${choice.promo} mistake=${promoMistake}
          apply=${(/** @type {string} */ promo) => choose({ promo }, ["promo"])} />`}
      <//>
      <${Consent} />
      <button type="submit" hidden></button>
    </form>
    <${MainAction} busy=${sending} onPress=${place}
      text=${sending ? t("placing") : t(newTotal ? "confirmNewTotal" : "placeOrder", { total: money(sum) })} />`;
}

/**
 * The shop's quote of the cart and the choice, asked again when they change; null until it comes, or without an answer.
 * @param {CartItem[]} items
 * @param {Choice} choice
 * @param {API.DeliveryMethod | undefined} method
 */
function useQuote(items, choice, method) {
  const [quote, setQuote] = useState(/** @type {API.Quote | null} */ (null));
  const asked = useRef(0);
  const askQuote = async () => {
    const number = (asked.current += 1);
    const answer = await api.quote(items.map(({ id, quantity }) => ({ variant_id: id, quantity })), {
      ...(choice.promo && { promo_code: choice.promo }),
      delivery: sentDelivery(choice.delivery, method),
    }).catch(() => null);
    if (asked.current === number) setQuote(answer); // a later question has a later answer
  };
  useEffect(() => void askQuote(), [items, choice]);
  return { quote, refused: quote?.problems ?? [], askQuote, forgetQuote: () => setQuote(null) };
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
 * @param {{items: CartItem[], contact: API.Contact, choice: Choice, offer: Offer, method: API.DeliveryMethod | undefined, quote: API.Quote | null,
 *          setMistakes: (mistakes: Mistakes) => void, askQuote: () => Promise<void>, forgetQuote: () => void, askAgain: () => void}} all
 */
function usePlacing({ items, contact, choice, offer, method, quote, setMistakes, askQuote, forgetQuote, askAgain }) {
  const [problem, setProblem] = useState(() => (isUncertain() ? new Problem("uncertain") : null));
  const [newTotal, setNewTotal] = useState(/** @type {NewTotal | null} */ (null));
  const [sending, setSending] = useState(false);
  const underWay = useRef(false);
  const sum = newTotal ? newTotal.now : quote ? hundredths(quote.total) : total(items);
  useEffect(() => {
    // Changed items are shown in the cart.
    if ((!items.length || hasChanges(items)) && !underWay.current) go({ page: "cart" }, { replace: true });
  }, [items, sending]);
  useEffect(() => setNewTotal(null), [choice]);

  const place = async () => {
    if (underWay.current) return;
    const tidy = tidied(contact);
    const mistakes = { ...mistakesIn(tidy), ...mistakesInChoice(choice, tidy.address, offer.methods, offer.payments) };
    setMistakes(mistakes);
    if (Object.keys(mistakes).length) return haptics.error();
    underWay.current = true;
    setSending(true);
    setProblem(null);
    try {
      await order(tidy, choice, method, sum);
    } catch (error) {
      haptics.error();
      await answer(asProblem(error));
      setSending(false);
      underWay.current = false;
    }
  };

  /** @param {ShopProblem} refusal */
  const answer = async (refusal) => {
    if (refusal.code === "out_of_stock" || refusal.code === "product_unavailable") {
      noteShortage(refusal.body.items ?? []);
      return go({ page: "cart" }, { replace: true });
    }
    if (refusal.code === "price_changed") {
      const failure = await check().then(() => null, asProblem);
      if (failure) return setProblem(failure); // the new total waits for the prices that make it up
      forgetQuote(); // its parts make up the old total
      setNewTotal({ was: sum, now: hundredths(refusal.body.total ?? "") });
      return hasShortage(cart.get()) ? go({ page: "cart" }, { replace: true }) : acceptChanges();
    }
    setNewTotal(null);
    if (["orders_closed", "min_total", "consent_outdated"].includes(refusal.code)) {
      await refreshShop();
      if (refusal.code !== "consent_outdated") return go({ page: "cart" }, { replace: true });
    }
    if (["delivery_method_unavailable", "delivery_required", "payment_method_unavailable", "payment_method_required"].includes(refusal.code)) {
      notify(refusal.body.detail ?? t("refused"));
      return askAgain(); // the shop offers other methods now
    }
    if (/^(promo|delivery)_/.test(refusal.code)) await askQuote(); // which shows the reason in its place
    const fields = refusedFields(refusal, contact);
    setMistakes(fields);
    if (!Object.keys(fields).length) setProblem(refusal);
  };
  return { place, sending, problem, newTotal, sum };
}

/**
 * Send the order, and go on to its page.
 * @param {API.Contact} contact
 * @param {Choice} choice
 * @param {API.DeliveryMethod | undefined} method
 * @param {number} sum in hundredths
 */
async function order(contact, choice, method, sum) {
  const needsAddress = !method || method.fields.includes("address");
  const { id } = await send({
    items: cart.get().map((item) => ({ variant_id: item.id, quantity: item.quantity })),
    ...contact,
    address: needsAddress ? contact.address : "",
    ...(choice.promo && { promo_code: choice.promo }),
    ...(method && { delivery: sentDelivery(choice.delivery, method, contact.address) }),
    ...(choice.payment && { payment_method_id: choice.payment }),
    expected_total: asPrice(sum),
    consent: consentGiven(),
  });
  haptics.success();
  keepAfterOrder(contact);
  forgetProductLists();
  clearCart();
  startOver({ page: "order", id, placed: true });
}

/** Sentences of the API for fields of the page. @param {ShopProblem} refusal @param {API.Contact} contact @returns {Mistakes} */
function refusedFields({ code, body }, contact) {
  if (code !== "invalid") return {};
  const named = Object.entries(body.errors ?? {}).filter(([field]) => field in contact);
  const { message: phone } = localShop.get().phone; // the one that the page says itself
  return Object.fromEntries(named.map(([field, [{ message }]]) => [field, field === "phone" ? phone : message]));
}

/** @param {{items: CartItem[], quote: API.Quote | null, sum: number, children?: import("../html.js").Children}} props */
function Summary({ items, quote, sum, children }) {
  const discount = quote ? hundredths(quote.discount) : 0;
  const delivery = quote?.delivery_price;
  return html`<section class="sheet">
    <h2>${t("yourOrder")}</h2>
    <ul class="summary">
      ${items.map((item) => html`<li key=${item.id}><span>${titleOf(item)}</span><span>${item.quantity} × ${priceText(item.price)}</span></li>`)}
    </ul>
    ${children}
    ${quote && (discount > 0 || delivery === null || Number(delivery) > 0) && html`<dl class="sums">
      <div><dt>${t("goods")}</dt><dd>${priceText(quote.subtotal)}</dd></div>
      ${discount > 0 && html`<div><dt>${t("discount")}</dt><dd>−${money(discount)}</dd></div>`}
      ${(delivery === null || Number(delivery) > 0) && html`<div><dt>${t("delivery")}</dt><dd>${delivery ? priceText(delivery) : t("priceLater")}</dd></div>`}
    </dl>`}
    <p class="total"><span>${t("total")}, ${t("pieces", { count: count(items) })}</span> <strong>${money(sum)}</strong></p>
  </section>`;
}

/** Why the order is not placed, or not known to be. @param {{problem: ShopProblem | null, retry: () => void}} props */
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
