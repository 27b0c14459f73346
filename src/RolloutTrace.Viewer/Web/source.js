import { inflate, inflateBytes } from './inflate.js';

/** Whether a server gives the page what it shows, which may change, and it is not in the page itself. */
export const isServed = document.body.hasAttribute('data-served');

/** @type {Map<string, string>} The tags of what was fetched last. */
const tags = new Map();

/**
 * One of the page's documents that are JSON.
 * @param {string} id
 * @returns {Promise<any>}
 */
export async function documentOf(id) {
  return isServed ? (await fetched(id)).json() : inflate(id);
}

/**
 * One of the page's documents that are bytes.
 * @param {string} id
 * @returns {Promise<Uint8Array>}
 */
export async function bytesOf(id) {
  return isServed ? new Uint8Array(await (await fetched(id)).arrayBuffer()) : inflateBytes(id);
}

/** @param {string} id */
async function fetched(id) {
  const answer = await fetch(`${id}${location.search}`);
  if (!answer.ok) {
    throw new Error((await answer.text()).trim());
  }

  tags.set(id, (answer.headers.get('ETag') ?? '').replace(/^W\//, '').replaceAll('"', ''));
  return answer;
}

/**
 * Fetches a document again whenever it is another, one after the other and never faster than they can be made.
 * @param {string} id
 * @param {(document: any) => void} show
 * @param {(problem: string | null) => void} tell What hinders it; null when nothing does any more.
 */
export function whenChanged(id, show, tell) {
  let wanted = '';
  let isFetching = false;
  const fetchAgain = async () => {
    while (!isFetching && wanted !== tags.get(id)) {
      const started = performance.now();
      const tag = wanted;
      isFetching = true;
      try {
        show(await documentOf(id));
        tell(null);
      } catch (problem) {
        tags.set(id, tag);
        tell(/** @type {Error} */ (problem).message);
      }

      // As long as it took, so that a large rollout does not keep the machine from everything else.
      await new Promise(resolve => setTimeout(resolve, Math.min(10000, performance.now() - started)));
      isFetching = false;
    }
  };
  const events = new EventSource(`changes${location.search}`);
  events.onmessage = event => {
    wanted = event.data;
    void fetchAgain();
  };
  events.onopen = () => tell(null);
  events.onerror = () => tell('The server has gone: what is shown here is what it said last.');
}
