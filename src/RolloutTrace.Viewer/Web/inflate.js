/**
 * The document that stands in an element of the page: gzip, as base64.
 * @param {string} id
 * @returns {Promise<any>}
 */
export async function inflate(id) {
  const element = /** @type {HTMLElement} */ (document.getElementById(id));
  const bytes = fromBase64(element.textContent ?? '');

  // The text is as large as the page, and not needed again.
  element.remove();
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return JSON.parse(await new Response(stream).text());
}

/**
 * @param {string} text
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function fromBase64(text) {
  const native = /** @type {any} */ (Uint8Array).fromBase64;
  return native ? native.call(Uint8Array, text) : Uint8Array.from(atob(text.replace(/\s+/g, '')), c => c.charCodeAt(0));
}
