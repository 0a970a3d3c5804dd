// A report's values as text: each unit as the rest of the page writes it.
// @ts-check
import { count, dateTime, duration, size } from "../core/format.js";
import { share, tokens, usd } from "../core/money.js";

const decimal = new Intl.NumberFormat(undefined, { maximumFractionDigits: 3 });

/** @type {Record<string, (value: any) => string>} */
const WRITTEN = {
  count: (value) => (Number.isInteger(value) ? count(value) : decimal.format(value)),
  us: (value) => duration(value),
  usd: (value) => usd(String(value)),
  tokens: (value) => tokens(value),
  bytes: (value) => size(value),
  percent: (value) => share(value / 100),
  moment: (value) => dateTime(value),
};

/** @param {any} value @param {string} [unit] text, or what the value is counted in */
export function written(value, unit = "text") {
  if (value === null || value === undefined || value === "") return "–";
  const write = WRITTEN[unit];
  const number = typeof value === "number" || (typeof value === "string" && value.trim() !== "" && Number.isFinite(Number(value)));
  if (!write || !number) return typeof value === "object" ? JSON.stringify(value) : String(value);
  return write(unit === "usd" ? value : Number(value));
}

/** Whether values of the unit stand in columns. @param {string} unit */
export function isNumeric(unit) {
  return unit in WRITTEN && unit !== "moment";
}
