/** The recipient of an order: typed once, remembered for the next time. */
import * as api from "../api.js";
import { t } from "../i18n/language.js";
import { localShop } from "./local_shop.js";
import { shop } from "../page_data.js";
import { remember, remembered } from "./storage.js";
import { initData, user } from "../telegram/launch.js";

/** @typedef {keyof API.Contact} ContactField */

const PHONE = new RegExp(`^(?:${shop.phone.pattern})$`);

/** @returns {API.Contact} */
export function knownContact() {
  const name = [user?.first_name, user?.last_name].filter(Boolean).join(" ");
  return remembered("contact", (value) => {
    /** @param {ContactField} field */
    const text = (field, otherwise = "") => (typeof value?.[field] === "string" ? value[field] : otherwise).slice(0, shop.limits[field]);
    return { contact_name: text("contact_name", name), phone: text("phone"), address: text("address"), comment: text("comment") };
  });
}

/** @param {API.Contact} contact */
export const keepContact = (contact) => remember("contact", contact);

/** The phone that the shop knows from another device; "" if none, or if it cannot be asked. */
export async function phoneInProfile() {
  try {
    return initData ? (await api.profile()).phone : "";
  } catch {
    return "";
  }
}

/** After an order: the comment was for that one; the phone is good on other devices too. @param {API.Contact} contact */
export function keepAfterOrder(contact) {
  keepContact({ ...contact, comment: "" });
  api.savePhone(contact.phone).catch(() => {}); // next time it is asked for again, no more
}

/** What was typed, as it is sent: a number that was copied may have spaces of other kinds. @param {API.Contact} contact */
export function tidied({ contact_name: name, phone, address, comment }) {
  return {
    contact_name: name.trim(),
    phone: phone.trim().replace(/\s+/g, " "),
    address: address.trim(),
    comment: comment.trim(),
  };
}

/**
 * @param {API.Contact} contact
 * @returns {Partial<Record<ContactField, string>>} a sentence for each field that is wrong
 */
export function mistakesIn({ contact_name: name, phone }) {
  return {
    ...(!name && { contact_name: t("needName") }),
    ...(!PHONE.test(phone) && { phone: localShop.get().phone.message }),
  };
}
