/** The button that makes a product a favourite. */
import { html } from "../html.js";
import { t } from "../i18n/language.js";
import { Icon } from "./icons.js";
import { canKeepFavourites, favourites, toggleFavourite } from "../stores/favourites.js";
import { useStore } from "../stores/store.js";
import { haptics } from "../telegram/client.js";

/** @param {{id: number, name: string}} props of a product */
export function Heart({ id, name }) {
  const isFavourite = useStore(favourites).has(id);
  const press = () => {
    haptics.tap();
    toggleFavourite(id);
  };
  return canKeepFavourites && html`<button type="button" class="heart" aria-pressed=${isFavourite} aria-label=${t("favourite", { name })} onClick=${press}>
    <${Icon} name="heart" />
  </button>`;
}
