/**
 * The document that stands in an element of the page: JSON.
 * @param {string} id
 * @returns {Promise<any>}
 */
export function inflate(id) {
  return opened(id, async pieces => {
    // Piece by piece: Response.text() takes four times as long, and one character that is not ASCII would make the whole text twice as large.
    const decoder = new TextDecoder();
    const texts = [];
    for await (const piece of pieces) {
      texts.push(decoder.decode(piece, { stream: true }));
    }

    return JSON.parse(texts.join(''));
  });
}

/**
 * What stands in an element of the page, as bytes.
 * @param {string} id
 * @returns {Promise<Uint8Array>}
 */
export function inflateBytes(id) {
  return opened(id, async pieces => {
    const all = [];
    let length = 0;
    for await (const piece of pieces) {
      all.push(piece);
      length += piece.length;
    }

    const bytes = new Uint8Array(length);
    let at = 0;
    for (const piece of all) {
      bytes.set(piece, at);
      at += piece.length;
    }

    return bytes;
  });
}

/**
 * Opens what stands in an element: gzip, as base64. What stands behind the script is waited for until the page is read to its end.
 * @template T
 * @param {string} id
 * @param {(pieces: AsyncGenerator<Uint8Array<ArrayBuffer>>) => Promise<T>} read
 */
async function opened(id, read) {
  if (document.readyState === 'loading' && !document.getElementById(id)?.nextElementSibling) {
    await new Promise(resolve => document.addEventListener('DOMContentLoaded', resolve, { once: true }));
  }

  const element = document.getElementById(id);
  try {
    const bytes = fromBase64(element?.textContent ?? '');

    // The text is as large as the page, and not needed again.
    element?.remove();
    return await read(unzip(bytes));
  } catch (problem) {
    throw new Error(`The file of this page is damaged, or ends before it should: ${/** @type {Error} */ (problem).message}`);
  }
}

/**
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @returns {AsyncGenerator<Uint8Array<ArrayBuffer>>}
 */
async function* unzip(bytes) {
  const gzip = new DecompressionStream('gzip');
  const writer = gzip.writable.getWriter();
  // What goes wrong is told where it is read.
  writer.write(bytes).catch(() => {});
  writer.close().catch(() => {});
  const reader = gzip.readable.getReader();
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    yield piece.value;
  }
}

/**
 * @param {string} text
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function fromBase64(text) {
  const native = /** @type {any} */ (Uint8Array).fromBase64;
  return native ? native.call(Uint8Array, text) : Uint8Array.from(atob(text.replace(/\s+/g, '')), c => c.charCodeAt(0));
}
