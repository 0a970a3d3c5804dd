// The text of a rendered template, and what the page's content security policy would not let through in it.

/** @param {any} value @returns {string} */
export function textOf(value, problems) {
  if (value === null || value === undefined || typeof value === "symbol" || typeof value === "function" || value === "") return "";
  if (Array.isArray(value)) return value.map((item) => textOf(item, problems)).join("");
  if (value.template) return templateText(value, problems);
  if (Number.isNaN(value)) problems.push("it shows NaN");
  if (typeof value === "object" && typeof value[Symbol.iterator] === "function") return textOf([...value], problems);
  if (typeof value === "object" && value.toString === Object.prototype.toString) problems.push(`it shows an object as text: ${JSON.stringify(value).slice(0, 60)}`);
  return String(value);
}

function templateText({ strings, values }, problems) {
  check(strings.join("…"), problems);
  let text = "";
  let inTag = false;
  strings.forEach((part, index) => {
    for (const character of part) {
      if (character === "<") inTag = true;
      if (!inTag) text += character;
      if (character === ">") [inTag, text] = [false, `${text} `];
    }
    if (!inTag && index < values.length) text += textOf(values[index], problems);
  });
  return text;
}

function check(markup, problems) {
  if (/<[^>]*\sstyle\s*=\s*["']/.test(markup)) problems.push("a style attribute in a template: the page's content security policy drops it, use a class");
  if (/<[^>]*\son[a-z]+\s*=/.test(markup)) problems.push("a handler such as onclick= in a template: the page's content security policy drops it, use @click=");
  if (/<script\b/i.test(markup)) problems.push("a <script> in a template: it never runs");
  if (/<[^>]*\s(src|href)\s*=\s*["']?https?:/.test(markup)) problems.push("it loads from another host: the page's content security policy forbids it");
}
