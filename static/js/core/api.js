// The REST interface, version 1: every answer is JSON, every failure an ApiError fit to show.
// @ts-check

export class ApiError extends Error {
  /** @param {string} title @param {string} detail @param {number} status 0 when nobody answered */
  constructor(title, detail, status) {
    super(detail || title);
    this.name = "ApiError";
    this.title = title;
    this.status = status;
  }
}

export class Api {
  #base;
  #fetch;

  constructor(base = "/api/v1/", fetchFunction = globalThis.fetch.bind(globalThis)) {
    this.#base = base;
    this.#fetch = fetchFunction;
  }

  /**
   * @param {string} path below /api/v1/
   * @param {Record<string, string|number|null|undefined>|string} [query] absent values are left out; a string goes verbatim
   * @param {AbortSignal} [signal]
   */
  async get(path, query = {}, signal) {
    const text = typeof query === "string" ? query : encodeQuery(query);
    return this.#answer(await this.#send(`${this.#base}${path}${text && `?${text}`}`, { signal }));
  }

  /** Replace what is at a path. @param {string} path below /api/v1/ @param {any} value */
  async put(path, value) {
    return this.#answer(await this.#send(`${this.#base}${path}`, { method: "PUT", body: JSON.stringify(value) }));
  }

  /** @param {string} path below /api/v1/ @param {any} value @param {AbortSignal} [signal] */
  async post(path, value, signal) {
    return this.#answer(await this.#send(`${this.#base}${path}`, { method: "POST", body: JSON.stringify(value), signal }));
  }

  /** @param {string} path below /api/v1/ */
  async delete(path) {
    return this.#answer(await this.#send(`${this.#base}${path}`, { method: "DELETE" }));
  }

  /** Many documents by key. @param {Record<string, string[]>} wanted keys by topic @param {AbortSignal} [signal] @returns {Promise<Record<string, Record<string, {seq: number, value: any}>>>} */
  lookup(wanted, signal) {
    return this.post("lookup", wanted, signal);
  }

  /** One event with its payload. @param {number} seq @param {AbortSignal} [signal] */
  event(seq, signal) {
    return this.get(`events/${seq}`, {}, signal);
  }

  /** A page of event heads. @param {Record<string, string|number|null|undefined>} query @param {AbortSignal} [signal] */
  events(query, signal) {
    return this.get("events", query, signal);
  }

  /** A page of a topic's documents. @param {string} topic @param {Record<string, string|number|null|undefined>|string} query @param {AbortSignal} [signal] */
  documents(topic, query, signal) {
    return this.get(`projections/${encodeURIComponent(topic)}`, query, signal);
  }

  async #answer(answer) {
    if (answer.ok) return answer.json();
    const problem = await answer.json().catch(() => ({}));
    const { title = `HTTP ${answer.status}`, detail = "", position, length, suggestion } = problem;
    throw Object.assign(new ApiError(title, detail, answer.status), { position, length, suggestion });
  }

  /** @param {string} url @param {RequestInit} request */
  async #send(url, request) {
    try {
      return await this.#fetch(url, { ...request, headers: { accept: "application/json" } });
    } catch (error) {
      if (request.signal?.aborted) throw error;
      throw new ApiError("The monitor does not answer", "It may have stopped; the page goes on trying.", 0);
    }
  }
}

/** @param {Record<string, string|number|null|undefined>} query */
function encodeQuery(query) {
  const used = Object.entries(query).filter(([, value]) => value !== null && value !== undefined);
  return new URLSearchParams(used.map(([name, value]) => [name, String(value)])).toString();
}
