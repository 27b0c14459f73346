/**
 * A text that is written as what it repeats of other bytes and what is new in it. In blocks, each with two lengths: of its numbers, and of what is new. The numbers say by turns how
 * many bytes are new, how many behind them come from the others, and where these begin, from the end of the last ones.
 * @param {Uint8Array} bytes
 * @param {Uint8Array} others
 * @returns {string}
 */
export function withRepeats(bytes, others) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const decoder = new TextDecoder();
  const texts = [];
  for (let at = 0; at < bytes.length;) {
    const numbers = at + 8;
    const news = numbers + view.getUint32(at, true);
    at = news + view.getUint32(at + 4, true);
    texts.push(decoder.decode(block(bytes.subarray(numbers, news), bytes.subarray(news, at), others), { stream: true }));
  }

  return texts.join('');
}

/**
 * @param {Uint8Array} numbers
 * @param {Uint8Array} news
 * @param {Uint8Array} others
 */
function block(numbers, news, others) {
  let length = news.length;
  for (const [, same] of steps(numbers)) {
    length += same;
  }

  const text = new Uint8Array(length);
  let at = 0;
  let end = 0;
  let used = 0;
  for (const [fresh, same, from] of steps(numbers)) {
    text.set(news.subarray(used, used + fresh), at);
    used += fresh;
    at += fresh;
    const begin = from % 2 === 0 ? end + from / 2 : end - (from - 1) / 2;
    text.set(others.subarray(begin, begin + same), at);
    at += same;
    end = begin + same;
  }

  text.set(news.subarray(used), at);
  return text;
}

/**
 * Three numbers at a time, of seven bits a byte.
 * @param {Uint8Array} bytes
 */
function* steps(bytes) {
  const three = [0, 0, 0];
  let which = 0;
  for (let at = 0; at < bytes.length; which = (which + 1) % 3) {
    let number = 0;
    let factor = 1;
    for (; bytes[at] > 127; factor *= 128) {
      number += (bytes[at++] - 128) * factor;
    }

    three[which] = number + bytes[at++] * factor;
    if (which === 2) {
      yield three;
    }
  }
}
