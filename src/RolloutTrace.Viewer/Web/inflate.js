/**
 * The document that stands in an element of the page: gzip, as base64. What stands behind the script is waited for until the page is read to its end.
 * @param {string} id
 * @returns {Promise<any>}
 */
export async function inflate(id) {
  if (document.readyState === 'loading' && !document.getElementById(id)?.nextElementSibling) {
    await new Promise(resolve => document.addEventListener('DOMContentLoaded', resolve, { once: true }));
  }

  const element = document.getElementById(id);
  try {
    const bytes = fromBase64(element?.textContent ?? '');

    // The text is as large as the page, and not needed again.
    element?.remove();
    return JSON.parse(await unzip(bytes));
  } catch (problem) {
    throw new Error(`The file of this page is damaged, or ends before it should: ${/** @type {Error} */ (problem).message}`);
  }
}

/**
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @returns {Promise<string>}
 */
async function unzip(bytes) {
  const gzip = new DecompressionStream('gzip');
  const writer = gzip.writable.getWriter();
  // What goes wrong is told where it is read.
  writer.write(bytes).catch(() => {});
  writer.close().catch(() => {});

  // Piece by piece: Response.text() takes four times as long, and one character that is not ASCII would make the whole text twice as large.
  const reader = gzip.readable.getReader();
  const decoder = new TextDecoder();
  const texts = [];
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    texts.push(decoder.decode(piece.value, { stream: true }));
  }

  return texts.join('');
}

/**
 * @param {string} text
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function fromBase64(text) {
  const native = /** @type {any} */ (Uint8Array).fromBase64;
  return native ? native.call(Uint8Array, text) : Uint8Array.from(atob(text.replace(/\s+/g, '')), c => c.charCodeAt(0));
}
