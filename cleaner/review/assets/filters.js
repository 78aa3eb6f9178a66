// Which articles are listed, and in which order.

const FILTERS = ['rule', 'role', 'language', 'flag', 'agency', 'confidence'];
const DEFAULT_SORT = 'doubt';
let searching = 0;

/** The least confidence of any edit that tells; 101 where nothing was edited. */
function doubt(i) {
  let least = 101;
  const none = index.names.indexOf('');
  hits(i, (rule, role, confidence) => { if (rule !== none && confidence < least) least = confidence; });
  return least;
}

function wanted() {
  const name = id => byId(id).value ? index.names.indexOf(byId(id).value) : -1;
  return {
    rule: name('rule'), role: name('role'), language: name('language'), flag: name('flag'), agency: name('agency'),
    confidence: byId('confidence').value ? Number(byId('confidence').value) : 101,
    none: index.names.indexOf(''),
  };
}

function matches(i, want) {
  if (want.language >= 0 && index.language[i] !== want.language) return false;
  if (want.flag >= 0 && !index.flags[i].includes(want.flag)) return false;
  if (want.agency >= 0 && !index.agencies[i].includes(want.agency)) return false;
  if (want.rule < 0 && want.role < 0 && want.confidence > 100) return true;
  let found = false;
  hits(i, (rule, role, confidence) => {
    found ||= (want.rule < 0 || rule === want.rule) && (want.role < 0 || role === want.role) &&
      (want.confidence > 100 || (rule !== want.none && confidence <= want.confidence));
  });
  return found;
}

/** Whether a line is what the filters ask for; false where they ask for no line. */
function isWanted(line) {
  const [rule, role, confidence] = ['rule', 'role', 'confidence'].map(id => byId(id).value);
  const query = byId('search').value.trim().toLowerCase();
  if (!(rule || role || confidence || query)) return false;
  return (!role || line.role === role) && (!query || line.text.toLowerCase().includes(query)) &&
    (!rule && !confidence || line.edits.some(edit =>
      (!rule || edit.rule === rule) && (!confidence || Math.floor(edit.confidence * 100) <= Number(confidence))));
}

const ORDERS = {
  order: null,
  doubt: (a, b) => certainty[a] - certainty[b] || a - b,
  dropped: (a, b) => (index.words[b] - index.kept[b]) - (index.words[a] - index.kept[a]) || a - b,
};
let certainty;

function ordered(numbers) {
  const order = ORDERS[byId('sort').value];
  return order ? numbers.sort(order) : numbers;
}

async function applyFilters() {
  const run = ++searching;
  const want = wanted();
  const query = byId('search').value.trim().toLowerCase();
  const able = [];
  for (let i = 0; i < index.id.length; i++) if (matches(i, want)) able.push(i);
  if (!query) return listed(ordered(able), false);
  const named = i => index.title[i].toLowerCase().includes(query) || index.id[i].toLowerCase().includes(query);
  const found = new Set(able.filter(named));
  listed(ordered([...found]), true);
  const open = able.filter(i => !found.has(i));
  for (let at = 0; at < open.length;) {
    const of = pieceOf(open[at]);
    // not through `piece`: a search is not to push out what people read
    const articles = await (pieces.get(of) || unpack('piece-' + of));
    if (run !== searching) return;
    for (; at < open.length && pieceOf(open[at]) === of; at++) {
      const [lines] = articles[open[at] - index.pieces[of]];
      if (lines.some(line => line[4].toLowerCase().includes(query))) found.add(open[at]);
    }
    listed(ordered([...found]), at < open.length);
  }
  listed(ordered([...found]), false);
}

function choose(filter, value) {
  byId(filter).value = value;
  applyFilters();
  byId('list').focus();
}

function fillFilters() {
  const counts = {rule: new Map(), role: new Map(), language: new Map(), flag: new Map(), agency: new Map()};
  const add = (filter, key) => { if (index.names[key]) counts[filter].set(key, (counts[filter].get(key) || 0) + 1); };
  for (let i = 0; i < index.id.length; i++) {
    const rules = new Set(), roles = new Set();
    hits(i, (rule, role) => { rules.add(rule); roles.add(role); });
    rules.forEach(rule => add('rule', rule));
    roles.forEach(role => add('role', role));
    add('language', index.language[i]);
    index.flags[i].forEach(flag => add('flag', flag));
    index.agencies[i].forEach(agency => add('agency', agency));
  }
  for (const [filter, map] of Object.entries(counts)) {
    const options = [...map].map(([key, count]) => [index.names[key], count]).sort((a, b) => a[0].localeCompare(b[0]));
    byId(filter).replaceChildren(element('option', {value: ''}, 'any'),
      ...options.map(([name, count]) => element('option', {value: name}, `${name} (${number(count)})`)));
  }
}
