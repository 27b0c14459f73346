import { expand } from './runs.js';

const version = 1;
const shortestPart = 4;
const span = /^[0-9a-f]{32}-([0-9a-f]{16})$/;

/** The document, with the look-ups that the panels need. What things are, and operations, can come behind the rest: until then there are none. */
export class Rollout {
  /** @param {ViewDocument} doc */
  constructor(doc) {
    if (doc.format !== 'rollout-trace-view' || doc.version !== version) {
      throw new Error(`the page's document is of version ${doc.version}; this page reads version ${version}`);
    }

    this.doc = doc;
    this.nodes = new Map(doc.nodes.map(node => [`${node.kind} ${node.id}`, node]));
    this.tools = new Map(doc.tools.map(tool => [tool.id, tool]));
    this.cells = new Map(doc.cells.map(cell => [cell.id, cell]));
    this.compactions = new Map(doc.compactions.map(compaction => [compaction.id, compaction]));
    this.requestNumbers = new Map(doc.requests.map((request, i) => [request.id, i]));
    this.threadNumbers = new Map(doc.threads.map((thread, i) => [thread.id, i]));
    /** @type {number[][]} The requests of each thread, in the order in which they were sent. */
    this.requestsOf = doc.threads.map(() => []);
    doc.requests.forEach((request, i) => this.requestsOf[request.thread].push(i));
    /** @type {Map<string, number[]>} The threads that a tool call spawned. */
    this.spawned = Map.groupBy(doc.threads.map((_, i) => i).filter(i => doc.threads[i].spawned_by !== undefined), i => doc.threads[i].spawned_by ?? '');
    /** @type {Map<string, Operation>} */
    this.operations = new Map();
    /** @type {Map<string, number[]>} */
    this.named = new Map();
    /** @type {Map<number, number> | undefined} */
    this.firstRequests = undefined;
    this.isWhole = false;
    /** @type {(() => void)[]} What is done once it is whole. */
    this.waiting = [];
    this.whenWaiting = () => {};
    doc.things ? this.complete(doc) : Object.assign(doc, { things: [], operations: [] });
  }

  /**
   * Takes the second part of the document.
   * @param {Pick<ViewDocument, 'things' | 'operations'>} rest
   */
  complete({ things, operations }) {
    Object.assign(this.doc, { things, operations });
    operations.forEach(operation => this.operations.set(operation.id, operation));
    things.forEach((thing, i) => [thing.id, ...thing.names ?? []].forEach(name => {
      const known = this.named.get(name);
      known ? known.push(i) : this.named.set(name, [i]);
    }));
    this.isWhole = true;
    this.waiting.splice(0).forEach(act => act());
  }

  /**
   * Does what needs the whole document: at once where it is there.
   * @param {() => void} act
   */
  whenWhole(act) {
    if (this.isWhole) {
      act();
    } else {
      this.waiting.push(act);
      this.whenWaiting();
    }
  }

  /**
   * The node of something that ran.
   * @param {string} kind
   * @param {string} id
   */
  node(kind, id) {
    return this.nodes.get(`${kind} ${id}`);
  }

  /** @param {number} request */
  nodeOf(request) {
    return this.node('request', this.doc.requests[request].id);
  }

  /**
   * The things that an id means: any id or name, the word for a kind of which there is one, or a part of a name that no other has. Of a call's id, what ran and not what was said.
   * @param {string} id
   * @returns {number[]}
   */
  find(id) {
    const name = span.exec(id)?.[1] ?? id;
    const exact = this.named.get(name) ?? [];
    if (exact.length > 0) {
      const ran = exact.filter(i => this.doc.things[i].kind !== 'item');
      return ran.length > 0 ? ran : exact;
    }

    const ofKind = this.doc.things.flatMap((thing, i) => thing.kind === name ? [i] : []);
    if (ofKind.length > 0) {
      return ofKind.length === 1 ? ofKind : [];
    }

    if (name.length < shortestPart) {
      return [];
    }

    const partial = new Set([...this.named].filter(([known]) => known.includes(name)).flatMap(([, things]) => things));
    return partial.size === 1 ? [...partial] : [];
  }

  /**
   * @param {string} kind
   * @param {string} id
   * @returns {number | null} The number of a thing; null if there is none.
   */
  thing(kind, id) {
    return this.named.get(id)?.find(i => this.doc.things[i].kind === kind && this.doc.things[i].id === id) ?? null;
  }

  /**
   * The first request that showed an item, or whose response holds it.
   * @param {number} item
   * @returns {number | undefined}
   */
  firstRequestWith(item) {
    if (this.firstRequests === undefined) {
      this.firstRequests = new Map();
      for (const [i, request] of this.doc.requests.entries()) {
        for (const n of [...expand(request.items), ...expand(request.response)]) {
          if (!this.firstRequests.has(n)) {
            this.firstRequests.set(n, i);
          }
        }
      }
    }

    return this.firstRequests.get(item);
  }

  /**
   * What an item says, as text.
   * @param {Item} item
   */
  textOf(item) {
    const said = item.repeats === undefined ? item : this.doc.items[item.repeats];
    return (said.parts ?? []).map(part => part.text ?? `[${part.label ?? part.type}${part.length === undefined ? '' : `, ${part.length} characters`}]`).join('\n');
  }

  /**
   * What was printed, which may stand in an item.
   * @param {Output | undefined} output
   */
  outputText(output) {
    if (output === undefined || typeof output === 'string') {
      return output ?? '';
    }

    const [item, part, at, length] = output;
    return (this.doc.items[item].parts?.[part]?.text ?? '').slice(at, at + length);
  }

  /** @param {number} thread */
  agent(thread) {
    return this.doc.threads[thread]?.agent_path ?? 'an unknown agent';
  }
}
