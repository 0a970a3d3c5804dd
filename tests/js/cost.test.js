import assert from "node:assert/strict";
import { test } from "node:test";
import { comparison, costKey, costQuestion, rowName, sortRows, sourcesText } from "../../static/js/core/costs.js";
import { amount, amountText, dollars, moneyFormat, shareOf } from "../../static/js/core/money.js";

const english = moneyFormat("en-US");
const sums = (fields) => ({ calls: 1, unpriced: 0, low_confidence: 0, input: 0, output: 0, cache_write_5m: 0, cache_write_1h: 0, cache_read: 0, ...fields, cost: { total: 0, ...fields.cost } });

test("money has cents, and more digits below one cent", () => {
  const texts = ["0", "0.15251", "1234.5", "0.01", "0.0099", "0.00000123", "-0.004"].map(english.usd);
  assert.deepEqual(texts, ["$0.00", "$0.15", "$1,234.50", "$0.01", "$0.0099", "$0.0000012", "-$0.0040"]);
});

test("an amount with more digits than a number holds is rounded exactly", () => {
  assert.equal(english.usd("90071992547409.925000000001"), "$90,071,992,547,409.93");
});

test("money and tokens are in the reader's locale", () => {
  const german = moneyFormat("de-DE");
  assert.equal(german.usd("1234.5").replace(/\s/g, " "), "1.234,50 $");
  assert.deepEqual([812, 41_260, 3_700_000].map(english.tokens), ["812", "41.3K", "3.7M"]);
});

test("what is not known is a dash or a word, never zero dollars", () => {
  assert.deepEqual([english.usd(null), english.tokens(undefined), english.share(null), amount(null), amount(sums({ calls: 0 }))], ["–", "–", "–", "–", "–"]);
  assert.equal(amount(sums({ calls: 2, unpriced: 2 })), "unpriced");
});

test("an amount says what it leaves open", () => {
  const text = amountText(sums({ calls: 3, unpriced: 1, low_confidence: 1, usd: { total: "2.5" } }));
  assert.match(text, /2[.,]50.* \+ 1 unpriced, estimate$/);
});

test("picodollars become exact decimal strings", () => {
  assert.deepEqual([0, 1, 152_510_000_000, -1_500_000_000_000].map(dollars), ["0.000000000000", "0.000000000001", "0.152510000000", "-1.500000000000"]);
});

test("shares are of the whole; little is not nothing, and what forks share is at most all", () => {
  const whole = sums({ cost: { total: 200 } });
  assert.equal(shareOf(sums({ cost: { total: 50 } }), whole), 0.25);
  assert.equal(shareOf(sums({ cost: { total: 300 } }), whole), 1);
  assert.equal(shareOf(sums({ unpriced: 1 }), whole), null);
  assert.equal(shareOf(sums({}), sums({})), null);
  assert.deepEqual([0, 0.001, 0.25, 1].map(english.share), ["0%", "< 1%", "25%", "100%"]);
});

test("rows are ordered by cost, those without a price last", () => {
  const rows = [sums({ model: "a", cost: { total: 1 } }), sums({ model: "b", unpriced: 1 }), sums({ model: "c", cost: { total: 9 } })];
  assert.deepEqual(sortRows(rows, { column: "cost", descending: true }).map((row) => row.model), ["c", "a", "b"]);
  assert.deepEqual(sortRows(rows, { column: "name", descending: false }).map((row) => row.model), ["a", "b", "c"]);
});

test("rows have names even where nothing is known", () => {
  const names = [{ model: "" }, { agent_type: "" }, { session_id: "s", agent_id: "", agent_type: null }, { session_id: "s", prompt_id: "", prompt: null }, { project: "" }].map((row) => rowName(row).name);
  assert.deepEqual(names, ["no model named", "type unknown", "main", "Before the first prompt", "project unknown"]);
  assert.equal(rowName({ session_id: "s", prompt_id: "p", prompt: "Mend it\nplease" }).name, "Mend it");
});

test("a row's address finds the same row again", () => {
  const row = { session_id: "s/1", agent_id: "a&b" };
  const { by, query, matches } = costQuestion(costKey("agent", row, "s/1"));
  assert.deepEqual([by, query.session], ["agent", "s/1"]);
  assert.equal(matches(row), true);
  assert.equal(matches({ ...row, agent_id: "" }), false);
});

test("Claude Code's own total is compared in words", () => {
  assert.match(comparison({ stated: 2e12, difference: 0, reasons: [] }), /2[.,]00.*: the same\.$/);
  assert.match(comparison({ stated: 2e12, difference: 5e11, reasons: ["summaries are missing"] }), /0[.,]50.* more than here: summaries are missing\.$/);
  assert.match(comparison({ stated: 2e12, difference: -5e11, reasons: [] }), / less than here: no reason is known\.$/);
  assert.equal(sourcesText({ transcript: 3, agent_progress: 1, telemetry: 2 }, String), "3 from transcripts, 1 from progress reports, 2 from telemetry");
});
