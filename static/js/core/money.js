// Money and tokens as text, in the reader's locale. Amounts are decimal strings or whole picodollars, never floats.
// @ts-check

const PICODOLLAR_DIGITS = 12;
const CURRENCY = /** @type {const} */ ({ style: "currency", currency: "USD", currencyDisplay: "narrowSymbol" });

/** @typedef {{calls: number, unpriced: number, low_confidence: number, cost: Record<string, number>, usd?: Record<string, string>}} Sums */

/** Formatters of one locale; the reader's unless named. @param {string} [locale] */
export function moneyFormat(locale) {
  const cents = new Intl.NumberFormat(locale, CURRENCY);
  const small = new Intl.NumberFormat(locale, { ...CURRENCY, minimumSignificantDigits: 2, maximumSignificantDigits: 2 });
  const compact = new Intl.NumberFormat(locale, { notation: "compact", maximumSignificantDigits: 3 });
  const percent = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 0 });

  /** An exact amount to cents, below one cent to two digits that say something. @param {string|null|undefined} amount */
  function usd(amount) {
    if (amount === null || amount === undefined) return "–";
    const size = Math.abs(Number(amount));
    const formatter = size > 0 && size < 0.01 ? small : cents;
    return formatter.format(/** @type {any} */ (amount)); // a string is formatted exactly, as no number could be
  }

  /** A number of tokens in a readable unit: 812, 41.3K, 3.7M. @param {number|null|undefined} value */
  function tokens(value) {
    return value === null || value === undefined ? "–" : compact.format(value);
  }

  /** A part of a whole, 0 to 1; what is there but hardly counts is no zero. @param {number|null|undefined} part */
  function share(part) {
    if (part === null || part === undefined) return "–";
    return part > 0 && part < 0.005 ? `< ${percent.format(0.01)}` : percent.format(part);
  }

  return { usd, tokens, share };
}

export const { usd, tokens, share } = moneyFormat();

/** Picodollars as an exact amount in dollars: 1_500_000_000_000 → "1.500000000000". @param {number} picodollars */
export function dollars(picodollars) {
  const sign = picodollars < 0 ? "-" : "";
  const digits = BigInt(Math.abs(picodollars)).toString().padStart(PICODOLLAR_DIGITS + 1, "0");
  return `${sign}${digits.slice(0, -PICODOLLAR_DIGITS)}.${digits.slice(-PICODOLLAR_DIGITS)}`;
}

/** What calls with a price come to; a dash without calls, a word when none has a price. @param {Sums|null|undefined} sums */
export function amount(sums) {
  if (!sums?.calls) return "–";
  if (sums.unpriced === sums.calls) return "unpriced";
  return usd(sums.usd?.total ?? dollars(sums.cost.total));
}

/** What an amount leaves open, a few words each. @param {Sums|null|undefined} sums @returns {string[]} */
export function reservations(sums) {
  if (!sums?.calls) return [];
  const some = sums.unpriced > 0 && sums.unpriced < sums.calls;
  return [...(some ? [`+ ${sums.unpriced} unpriced`] : []), ...(sums.low_confidence ? ["estimate"] : [])];
}

/** The amount and what it leaves open. @param {Sums|null|undefined} sums */
export function amountText(sums) {
  const [first, ...rest] = [amount(sums), ...reservations(sums)];
  return rest.length ? `${first} ${rest.join(", ")}` : first;
}

/** All tokens of some sums, the cache included. @param {any} sums */
export function allTokens(sums) {
  return sums ? sums.input + sums.output + cacheWrites(sums) + sums.cache_read : null;
}

/** @param {any} sums */
export function cacheWrites(sums) {
  return sums.cache_write_5m + sums.cache_write_1h;
}

/** The part of the whole cost a row has; null when nothing has a price. @param {Sums} row @param {Sums} total */
export function shareOf(row, total) {
  if (!total.cost.total || row.unpriced === row.calls) return null;
  return Math.min(1, row.cost.total / total.cost.total); // what forks share counts for each of them
}
