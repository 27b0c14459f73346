import { h } from './html.js';
import { count, words } from './format.js';
import { visible } from './visible.js';
import { rawPlace } from './raw.js';
import { addressOf } from './store.js';

const most = 200;

/**
 * What went wrong, kind by kind, each leading to its place; and what is wrong with the bundle itself.
 * @param {import('./rollout.js').Rollout} rollout
 * @returns {HTMLElement}
 */
export function findingsPanel(rollout) {
  const { findings, why_it_matters, diagnostics, has_content } = rollout.doc;
  const kinds = [...Map.groupBy(findings, finding => finding.code)];
  const failed = rollout.doc.nodes.filter(node => node.is_failure);
  return h('section', { class: 'panel', 'aria-label': 'Findings' },
    h('div', { class: 'scroll reading', tabindex: 0, role: 'region', 'aria-label': 'All findings' },
      h('h2', null, findings.length === 0 ? 'Nothing was found' : 'What was found'),
      kinds.map(([code, ofKind]) => h('section', { class: 'finding', 'aria-label': words(code) },
        h('h3', null, h('span', { class: 'bad' }, words(code)), ` ${count(ofKind.length)}`),
        h('p', { class: 'faint' }, why_it_matters[code]),
        list(ofKind, finding => h('li', null,
          h('a', { href: addressOf(finding.subject) }, ...visible(finding.message ?? finding.subject)),
          has_content && (finding.evidence ?? []).length > 0 && h('div', { class: 'evidence' }, (finding.evidence ?? []).slice(0, 20).map(rawPlace)))))),
      h('h2', null, failed.length === 0 ? 'Nothing failed' : `What failed or was given up: ${count(failed.length)}`),
      list(failed, node => h('li', null,
        h('a', { href: addressOf(node.id) }, ...visible([words(node.kind), node.name].filter(Boolean).join(' '))), ` ${words(node.status === 'completed' ? 'failed' : node.status)} `, h('span', { class: 'faint' }, ...visible(node.error ?? node.preview ?? '')))),
      h('h2', null, diagnostics.length === 0 ? 'The bundle is sound' : `What is wrong with the bundle: ${count(diagnostics.reduce((sum, diagnostic) => sum + (diagnostic.count ?? 1), 0))}`),
      list(diagnostics, diagnostic => h('li', null,
        h('span', { class: diagnostic.severity === 'information' ? 'faint' : 'bad' }, diagnostic.severity), ' ', words(diagnostic.code), ' ', ...visible(diagnostic.message ?? ''), h('span', { class: 'faint' }, diagnostic.line > 0 ? ` line ${diagnostic.line}` : ''),
        has_content && diagnostic.seq !== undefined && h('div', { class: 'evidence' }, rawPlace(diagnostic.seq))))));
}

/**
 * @template T
 * @param {T[]} entries
 * @param {(entry: T) => HTMLElement} show
 */
function list(entries, show) {
  return entries.length > 0 && h('ul', { class: 'plain-list' }, entries.slice(0, most).map(show), entries.length > most && h('li', { class: 'absent' }, `and ${count(entries.length - most)} more`));
}
