const address = /^data:image\/(?:png|jpeg|jpg|gif|webp);base64,([A-Za-z0-9+/\s]+=*\s*)$/;
const mostPixels = 50e6;
const mostDepth = 8;

/**
 * @typedef {{ url: string, type: string, width: number, height: number }} Image
 * The kinds that a browser draws and that cannot hold anything else; drawings with markup are none of them.
 */
const kinds = [
  { type: 'image/png', starts: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], size: (/** @type {DataView} */ v) => [v.getUint32(16), v.getUint32(20)] },
  { type: 'image/gif', starts: [0x47, 0x49, 0x46, 0x38], size: (/** @type {DataView} */ v) => [v.getUint16(6, true), v.getUint16(8, true)] },
  { type: 'image/jpeg', starts: [0xff, 0xd8, 0xff], size: jpegSize },
  { type: 'image/webp', starts: [0x52, 0x49, 0x46, 0x46], size: webpSize },
];

/**
 * The image in a part of a payload: its bytes must be what they are said to be, and of a size that can be drawn.
 * @param {string} json The part, as JSON.
 * @returns {Image | null}
 */
export function imageIn(json) {
  try {
    const bytes = find(JSON.parse(json), 0);
    return bytes && imageOf(bytes);
  } catch {
    return null;
  }
}

/**
 * @param {unknown} value
 * @param {number} depth
 * @returns {Uint8Array<ArrayBuffer> | null}
 */
function find(value, depth) {
  if (typeof value === 'string') {
    const encoded = address.exec(value)?.[1];
    return encoded ? decode(encoded) : null;
  }

  if (typeof value !== 'object' || value === null || depth > mostDepth) {
    return null;
  }

  const { data, media_type, mimeType, mime_type } = /** @type {Record<string, unknown>} */ (value);
  if (typeof data === 'string' && [media_type, mimeType, mime_type].some(type => typeof type === 'string' && type.startsWith('image/'))) {
    return decode(data);
  }

  for (const inner of Object.values(value)) {
    const found = find(inner, depth + 1);
    if (found) {
      return found;
    }
  }

  return null;
}

/** @param {string} encoded */
function decode(encoded) {
  return Uint8Array.from(atob(encoded.replace(/\s+/g, '')), c => c.charCodeAt(0));
}

/**
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @returns {Image | null}
 */
function imageOf(bytes) {
  const kind = kinds.find(({ starts }) => starts.every((byte, i) => bytes[i] === byte));
  if (!kind) {
    return null;
  }

  const [width, height] = kind.size(new DataView(bytes.buffer));
  return width > 0 && height > 0 && width * height <= mostPixels
    ? { url: URL.createObjectURL(new Blob([bytes], { type: kind.type })), type: kind.type, width, height }
    : null;
}

/** @param {DataView} v */
function jpegSize(v) {
  for (let at = 2; at + 9 < v.byteLength && v.getUint8(at) === 0xff;) {
    const marker = v.getUint8(at + 1);
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      return [v.getUint16(at + 7), v.getUint16(at + 5)];
    }

    at += 2 + v.getUint16(at + 2);
  }

  return [0, 0];
}

/** @param {DataView} v */
function webpSize(v) {
  const name = String.fromCharCode(...[8, 9, 10, 11, 12, 13, 14, 15].map(i => v.getUint8(i)));
  switch (name) {
    case 'WEBPVP8 ': return [v.getUint16(26, true) & 0x3fff, v.getUint16(28, true) & 0x3fff];
    case 'WEBPVP8L': return [1 + (v.getUint32(21, true) & 0x3fff), 1 + (v.getUint32(21, true) >> 14 & 0x3fff)];
    case 'WEBPVP8X': return [1 + (v.getUint32(24, true) & 0xffffff), 1 + (v.getUint32(26, true) >>> 8)];
    default: return [0, 0];
  }
}
