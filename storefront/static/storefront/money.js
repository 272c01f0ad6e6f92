/** Amounts of money: prices are texts such as "1990.00", sums are whole numbers of hundredths, where nothing is rounded. */

/** @param {string} price */
export const hundredths = (price) => Math.round(Number(price) * 100);

/** @param {number} amount in hundredths @returns {string} as the API writes it */
export const asPrice = (amount) => (amount / 100).toFixed(2);

/**
 * How many percent a price is below the old one, rounded down.
 * @param {string} price
 * @param {string | null} oldPrice
 */
export function percentOff(price, oldPrice) {
  if (!oldPrice) return 0;
  const before = hundredths(oldPrice);
  // In whole numbers: with fractions a tenth off becomes 9 percent.
  return Math.floor(((before - hundredths(price)) * 100) / before);
}

/**
 * Make the function that writes an amount in hundredths, without decimals where there are none.
 * @param {string} language
 * @param {string} currency
 * @returns {(amount: number) => string}
 */
export function moneyFormat(language, currency) {
  const style = /** @type {const} */ ({ style: "currency", currency, currencyDisplay: "narrowSymbol" });
  const exact = new Intl.NumberFormat(language, style);
  const whole = new Intl.NumberFormat(language, { ...style, maximumFractionDigits: 0, minimumFractionDigits: 0 });
  return (amount) => (amount % 100 === 0 ? whole : exact).format(amount / 100);
}
