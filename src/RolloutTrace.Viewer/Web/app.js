import { h, fill } from './html.js';
import { count, counted, duration, shortId, short, time, words } from './format.js';
import { plain, visible } from './visible.js';
import { isServed } from './source.js';
import { placeOf } from './places.js';
import { addressOf, choose, current, lifetime, renew, setOpener, whenChosen } from './store.js';
import { whyPanel } from './why.js';
import { requestsPanel } from './requests.js';
import { conversationPanel } from './conversation.js';
import { contextPanel } from './context.js';
import { timelinePanel } from './timeline.js';
import { agentsPanel } from './agents.js';
import { findingsPanel } from './findings.js';
import { searchBox, searchPanel } from './search.js';
import { keyboard } from './keys.js';
import { live } from './live.js';

/** @type {{ id: string, name: string, make: (rollout: import('./rollout.js').Rollout) => HTMLElement, hasRequests: boolean }[]} */
const panels = [
  { id: 'conversation', name: 'Conversation', make: conversationPanel, hasRequests: true },
  { id: 'context', name: 'Context', make: contextPanel, hasRequests: true },
  { id: 'timeline', name: 'Timeline', make: timelinePanel, hasRequests: false },
  { id: 'agents', name: 'Agents', make: agentsPanel, hasRequests: false },
  { id: 'findings', name: 'Findings', make: findingsPanel, hasRequests: false },
  { id: 'search', name: 'Search', make: searchPanel, hasRequests: false },
];

const app = /** @type {HTMLElement} */ (document.getElementById('app'));
const { note, catchUp } = live(start, isFollowing, problem => {
  fill(app, h('div', { class: 'loading' }, isServed && h('p', null, h('a', { href: './' }, 'All rollouts')), h('p', { role: 'alert' }, 'The page cannot show its rollout: ', ...visible(problem))));
});

/** Whether somebody has gone to a place on the page since it was shown. */
let isTouched = false;

/**
 * Whether what is new may take the place of what is shown: nobody has chosen anything but the newest, or gone anywhere.
 * @param {import('./rollout.js').Rollout} rollout
 */
function isFollowing(rollout) {
  const { thing, thread, request, panel, query } = current();
  return thing === null && (request === null || request === rollout.requestsOf[thread]?.at(-1)) && (panel !== 'search' || query === '') && !isTouched && document.querySelector('dialog[open]') === null;
}

/**
 * @param {import('./rollout.js').Rollout} rollout
 * @param {boolean} isAgain Whether it takes the place of what was known of it before.
 */
function start(rollout, isAgain) {
  const { rollout_id } = rollout.doc.rollout;
  const focused = document.activeElement?.id;
  const all = isAgain && current().request === null && rollout.requestsOf.some(requests => requests.length > 0);
  document.title = `${plain(shortId(rollout_id))} · RolloutTrace`;
  renew();
  choose({ thing: null, ...isAgain ? { request: all ? null : rollout.requestsOf[current().thread]?.at(-1) ?? null } : first(rollout) });
  setOpener(id => follow(rollout, id));
  const tabs = h('div', { class: 'tabs', role: 'tablist', 'aria-label': 'Panels' }, panels.map((panel, i) => h('button', {
    type: 'button', role: 'tab', id: `tab-${panel.id}`, title: `key ${i + 1}`, 'aria-controls': 'panel', onclick: () => choose({ panel: panel.id }),
    onkeydown: (/** @type {KeyboardEvent} */ e) => arrow(e, i),
  }, panel.name, panel.id === 'findings' && rollout.doc.findings.length > 0 && h('span', { class: 'badge' }, count(rollout.doc.findings.length)))));
  const box = searchBox();
  const main = h('main', { id: 'panel', 'aria-labelledby': 'tab-conversation' });
  const requests = requestsPanel(rollout);
  const why = whyPanel(rollout);
  /** @type {Map<string, HTMLElement>} */
  const made = new Map();
  const show = () => {
    const panel = panels.find(p => p.id === current().panel) ?? panels[0];
    const isEarly = !rollout.isWhole && panel !== panels[0];
    const element = isEarly ? h('p', { class: 'loading', role: 'status' }, 'This needs the rest of the rollout, which is not open yet.') : made.get(panel.id) ?? panel.make(rollout);
    isEarly ? rollout.whenWhole(show) : made.set(panel.id, element);
    for (const tab of tabs.children) {
      const isThis = tab.id === `tab-${panel.id}`;
      tab.setAttribute('aria-selected', String(isThis));
      tab.setAttribute('tabindex', isThis ? '0' : '-1');
    }

    main.setAttribute('aria-labelledby', `tab-${panel.id}`);
    requests.hidden = !panel.hasRequests;
    if (main.firstChild !== element) {
      fill(main, element);
    }
  };
  const columns = h('div', { class: 'columns', onwheel: touch, onpointerdown: touch, onkeydown: touch }, requests, main, why);
  const help = keyboard(rollout, panels, { search: () => box.focus(), theme: toggleTheme, why: () => whyOfFocus(rollout), catchUp });
  fill(app, banner(rollout, () => help.showModal()), h('div', { class: 'bar' }, h('nav', { 'aria-label': 'Panels' }, tabs), h('div', { class: 'search-side', role: 'search' }, box)), note, columns, help);
  show();
  whenChosen((state, before) => {
    state.panel !== before.panel && show();
    rememberSoon(rollout);
  });
  addEventListener('hashchange', () => {
    if (location.hash !== written) {
      // Who goes back at once goes back from here, though nothing was written down yet.
      written = location.hash;
      clearTimeout(remembering);
      goTo(rollout);
    }
  }, { signal: lifetime() });
  isTouched = false;
  written = location.hash;
  if (!isAgain) {
    goTo(rollout);
  } else {
    location.hash !== '' && remember(rollout);
    focused && document.getElementById(focused)?.focus();
  }
}

function touch() {
  isTouched = true;
}

/**
 * Where a rollout is looked at first: where it ended.
 * @param {import('./rollout.js').Rollout} rollout
 * @returns {Partial<State>}
 */
function first(rollout) {
  const thread = Math.max(0, rollout.doc.threads.findIndex(t => t.parent === undefined));
  return { thread, request: rollout.requestsOf[thread]?.at(-1) ?? null };
}

/**
 * @param {import('./rollout.js').Rollout} rollout
 * @param {() => void} help
 */
function banner(rollout, help) {
  const { doc } = rollout;
  const { status, status_evidence, started_at_unix_ms, ended_at_unix_ms, rollout_id, usage } = doc.rollout;
  return h('header', { class: 'banner' },
    h('div', { class: 'head-line' },
      isServed && h('a', { href: './', 'aria-label': 'All rollouts' }, '‹ All'),
      h('h1', null, 'Rollout ', h('span', { class: 'id' }, ...visible(shortId(rollout_id)))),
      h('span', { class: `status ${status}`, title: status_evidence && plain(status_evidence) }, words(status)),
      h('span', { class: 'facts' },
        [status !== 'completed' && status_evidence, time(started_at_unix_ms), duration(ended_at_unix_ms === undefined ? undefined : Math.max(0, ended_at_unix_ms - started_at_unix_ms)), counted(doc.threads.length, 'agent'), counted(doc.turns.length, 'turn'),
          counted(doc.requests.length, 'request'), counted(doc.tools.length, 'tool call'), doc.compactions.length > 0 && counted(doc.compactions.length, 'compaction'),
          usage && `${short(usage.input_tokens)} tokens in (${short(usage.cached_input_tokens)} cached), ${short(usage.output_tokens)} out`]
          .filter(fact => typeof fact === 'string').map(fact => h('span', null, ...visible(fact)))),
      h('span', { class: 'buttons' },
        h('button', { type: 'button', class: 'plain', 'aria-label': 'Light or dark', title: 'key t', onclick: toggleTheme }, '◐'),
        h('button', { type: 'button', class: 'plain', 'aria-label': 'Keys', title: 'key ?', onclick: help }, '?'))),
    h('p', { class: 'privacy' }, isServed
      ? `This page is from this machine, and nobody else gets it.${status === 'running' ? ' It follows the rollout, which is running.' : ''}`
      : doc.has_content
      ? 'This file holds all that was said and done in the rollout: whoever has it can read it.'
      : 'This page was made without content: it has names, ids, times and numbers, and nothing that was said.'));
}

/** @param {KeyboardEvent} e @param {number} i */
function arrow(e, i) {
  const by = e.key === 'ArrowRight' ? 1 : e.key === 'ArrowLeft' ? -1 : 0;
  if (by !== 0) {
    const panel = panels[(i + by + panels.length) % panels.length];
    choose({ panel: panel.id });
    document.getElementById(`tab-${panel.id}`)?.focus();
  }
}

function toggleTheme() {
  const isDark = document.documentElement.dataset.theme ? document.documentElement.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  document.documentElement.dataset.theme = isDark ? 'light' : 'dark';
  dispatchEvent(new Event('theme'));
}

/**
 * Explains the item that has the focus, or else the request.
 * @param {import('./rollout.js').Rollout} rollout
 */
function whyOfFocus(rollout) {
  const link = document.activeElement?.closest('.item')?.querySelector('a.id');
  const { request } = current();
  const id = link ? decodeURIComponent((link.getAttribute('href') ?? '').slice(1)) : request === null ? '' : rollout.doc.requests[request].id;
  rollout.whenWhole(() => {
    const thing = rollout.find(id)[0];
    thing !== undefined && choose({ thing });
  });
}

let written = '';
let remembering = 0;

/**
 * Who goes from request to request is not kept waiting by the address, and comes back by one step to where they stayed.
 * @param {import('./rollout.js').Rollout} rollout
 */
function rememberSoon(rollout) {
  const signal = lifetime();
  clearTimeout(remembering);
  remembering = setTimeout(() => signal.aborted || remember(rollout), 200);
}

/**
 * The page's address says what is chosen, so that it can be passed on.
 * @param {import('./rollout.js').Rollout} rollout
 */
function remember(rollout) {
  if (location.hash !== written) {
    // Somebody has just gone elsewhere, and the event that tells of it is still to come.
    return;
  }

  const { thing, request, thread, panel } = current();
  const id = thing !== null ? rollout.doc.things[thing].id : request !== null ? rollout.doc.requests[request].id : rollout.doc.threads[thread]?.id ?? '';
  const address = addressOf(id, panel);
  if (location.hash !== address) {
    isServed ? history.replaceState(null, '', address) : location.hash = address;
    written = location.hash;
  }
}

/** @param {import('./rollout.js').Rollout} rollout */
function goTo(rollout) {
  const [id, query] = location.hash.slice(1).split('?');
  let name = '';
  try {
    name = decodeURIComponent(id);
  } catch {
    // An address that is none leads nowhere.
  }

  if (name !== '') {
    follow(rollout, name, new URLSearchParams(query).get('panel') ?? undefined);
  }
}

/**
 * @param {import('./rollout.js').Rollout} rollout
 * @param {string} id
 * @param {string} [panel]
 */
function follow(rollout, id, panel) {
  const from = current().panel;
  // Who has gone to another panel while it waited stays there.
  rollout.whenWhole(() => lead(rollout, id, current().panel === from ? panel : current().panel));
}

/**
 * @param {import('./rollout.js').Rollout} rollout
 * @param {string} id
 * @param {string} [panel]
 */
function lead(rollout, id, panel) {
  const [thing] = rollout.find(id);
  if (thing !== undefined) {
    const place = placeOf(rollout, thing, current());
    // Who looks at the timeline sees it there, unless the address says where.
    const to = panel ?? (current().panel === 'timeline' ? 'timeline' : place.panel);
    choose({ ...place, panel: panels.some(known => known.id === to) ? to : current().panel, thing });
  }
}
