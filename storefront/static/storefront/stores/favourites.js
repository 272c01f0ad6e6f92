/** Favourites, kept by the shop: a heart changes at once, and back if the shop did not take it. */
import * as api from "../api.js";
import { wordsFor } from "../components/messages.js";
import { notify } from "../components/notices.js";
import { createStore } from "./store.js";
import { initData } from "../telegram/launch.js";

/** Only for customers whom the shop knows. */
export const canKeepFavourites = initData !== "";
/** Ids of products. */
export const favourites = createStore(/** @type {Set<number>} */ (new Set()));
/** The last request of each product: they are sent one after the other, as they were meant. @type {Map<number, Promise<void>>} */
const sending = new Map();

/** Fetch them; without an answer the hearts are empty, and can be pressed all the same. */
export async function loadFavourites() {
  if (!canKeepFavourites) return;
  try {
    const { ids } = await api.favouriteIds();
    const now = favourites.get();
    favourites.set(new Set([...ids, ...now].filter((id) => now.has(id) || !sending.has(id))));
  } catch {
    // The next visit asks again.
  }
}

/** @param {number} id @param {boolean} wanted */
function mark(id, wanted) {
  const others = [...favourites.get()].filter((each) => each !== id);
  favourites.set(new Set(wanted ? [...others, id] : others));
}

/** @param {number} id of a product */
export function toggleFavourite(id) {
  const wanted = !favourites.get().has(id);
  mark(id, wanted);
  const sent = (sending.get(id) ?? Promise.resolve()).then(() => send(id, wanted));
  sending.set(id, sent);
  return sent;
}

/** @param {number} id @param {boolean} wanted */
async function send(id, wanted) {
  try {
    await api.setFavourite(id, wanted);
  } catch (error) {
    if (favourites.get().has(id) === wanted) mark(id, !wanted);
    const { title, hint } = wordsFor(api.asProblem(error));
    notify(`${title}. ${hint}`);
  }
}
