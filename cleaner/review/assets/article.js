// One article: its lines in the order of the source, what was dropped struck through in place.

const SLICE = 400;
let lines = [];
let current = -1;
let tools;

async function open(i, byKey) {
  opened = i;
  drawRows();
  const {lines: found, facts} = await article(i);
  if (opened !== i) return;
  lines = found;
  current = -1;
  const list = element('ol', {class: 'lines', 'aria-label': 'Lines of the article', on: {keydown: lineKeys}});
  byId('view').replaceChildren(
    element('p', {}, element('button', {type: 'button', id: 'back', on: {click: close}}, '← Overview')),
    element('h2', {dir: 'auto'}, index.title[i] || index.id[i]),
    address(index.url[i]),
    element('details', {class: 'facts'}, element('summary', {}, 'What the record knows'),
      element('dl', {}, ...facts.flatMap(([label, value]) => [element('dt', {}, label), element('dd', {dir: 'auto'}, value)]))),
    element('p', {class: 'quiet'}, 'Arrow keys move between lines; A accepts, R rejects, M makes a rule.'),
    list);
  tools = element('div', {class: 'tools'});
  grow(list, 0);
  byId('view').scrollTop = 0;
  say(`${index.title[i] || index.id[i]}: ${plural(lines.filter(line => line.dropped).length, 'line', 'lines')} of ${number(lines.length)} dropped.`);
  if (byKey) enter(0);
}

function close() {
  opened = -1;
  drawRows();
  overview(shown);
  byId('list').focus();
}

/** The address as a link where it is one of the web, else as plain text. */
function address(url) {
  const web = /^https?:\/\//i.test(url) && URL.canParse(url);
  return element('p', {class: 'address'}, web ? element('a', {href: url, rel: 'noreferrer noopener', target: '_blank'}, url) : url);
}

/** A long page is drawn a part at a time. */
function grow(list, from) {
  list.append(...lines.slice(from, from + SLICE).map((line, i) => lineItem(line, from + i)));
  const rest = lines.length - from - SLICE;
  if (rest <= 0) return;
  const more = element('button', {type: 'button', on: {click: () => {
    more.parentNode.remove();
    grow(list, from + SLICE);
    enter(from + SLICE);
  }}}, `Show more lines (${number(rest)})`);
  list.append(element('li', {class: 'more'}, more));
}

function described(line) {
  return line.edits.map(edit => `${edit.rule} · ${edit.stage} · ${edit.confidence.toFixed(2)}`).join('; ');
}

function lineItem(line, place) {
  const state = line.dropped ? `Dropped as ${line.role}, ` : line.edits.length ? `Changed ${line.role}, ` : `Kept ${line.role}: `;
  const node = element('li', {
    id: 'line-' + place, tabindex: place === Math.max(0, current) ? 0 : -1, 'data-role': line.role,
    class: line.dropped ? 'dropped' : line.edits.length ? 'changed' : 'kept',
    on: {focusin: () => activate(place), pointerenter: () => activate(place)},
  },
  element('span', {class: 'sr'}, line.edits.length ? `${state}${described(line)}: ` : state),
  element(line.dropped ? 'del' : 'span', {class: 'text', dir: 'auto'}, line.text),
  element('span', {class: 'chip', 'aria-hidden': 'true'}, line.dropped || line.role !== 'paragraph' || line.edits.length ? line.role : ''),
  element('span', {class: 'verdict'}));
  paint(node, line.role);
  if (isWanted(line)) node.classList.add('wanted');
  mark(node, line);
  return node;
}

function mark(node, line) {
  const known = decisions.get(keyOf(opened, line));
  const word = {accept: '✓ accepted', reject: '✗ rejected', rule: '+ rule: '};
  node.querySelector('.verdict').textContent = known ? word[known.verdict] + (known.verdict === 'rule' ? known.role : '') : '';
  node.classList.toggle('decided', Boolean(known));
  node.dataset.verdict = known ? known.verdict : '';
}

/** The line gets the tools: what happened to it, and the buttons. */
function activate(place) {
  if (place === current) return;
  byId('line-' + current)?.setAttribute('tabindex', -1);
  current = place;
  const node = byId('line-' + place);
  node.setAttribute('tabindex', 0);
  showTools(node, lines[place]);
}

function showTools(node, line) {
  const known = decisions.get(keyOf(opened, line));
  const button = (verdict, text, act) => element('button', {
    type: 'button', 'data-verdict': verdict, 'aria-pressed': String(known?.verdict === verdict), on: {click: act},
  }, text);
  const facts = line.edits.map(edit => element('p', {class: 'edit', title: index.why[edit.rule]},
    element('b', {}, edit.rule), ` · ${edit.stage} · confidence ${edit.confidence.toFixed(2)}`,
    ...(index.why[edit.rule] ? [element('small', {}, index.why[edit.rule])] : [])));
  tools.replaceChildren(
    ...(facts.length ? facts : [element('p', {class: 'edit'}, `kept as ${line.role}`)]),
    ...(line.raw ? [element('p', {class: 'raw'}, 'as read: ', element('q', {dir: 'auto'}, line.raw))] : []),
    element('p', {class: 'buttons', role: 'group', 'aria-label': 'Decide on this line'},
      button('accept', 'Accept', () => rule('accept')),
      ...(line.dropped ? [button('reject', 'Reject', () => rule('reject'))] : []),
      button('rule', 'Make it a rule …', () => rule('rule'))));
  node.append(tools);
}

async function rule(verdict) {
  const [place, line, number] = [current, lines[current], opened];
  if (!line || (verdict === 'reject' && !line.dropped)) return;
  const role = verdict === 'rule' ? await askRole(line) : line.edits.at(-1)?.role ?? line.role;
  if (role === null || number !== opened) return;
  decide(number, line, verdict, role);
  const node = byId('line-' + place);
  const known = decisions.get(keyOf(number, line));
  mark(node, line);
  for (const button of node.querySelectorAll('.tools button')) {
    button.setAttribute('aria-pressed', String(known?.verdict === button.dataset.verdict));
  }
  say(known ? `${node.querySelector('.verdict').textContent}. ${plural(decisions.size, 'decision', 'decisions')}.` : 'Taken back.');
}

function askRole(line) {
  const dialog = byId('dialog');
  byId('dialog-text').textContent = line.text;
  byId('dialog-role').replaceChildren(...index.droppable.map(role =>
    element('option', {value: role, selected: role === (line.dropped ? line.role : 'promotion')}, role)));
  dialog.returnValue = '';
  dialog.showModal();
  return new Promise(done => dialog.addEventListener('close', () =>
    done(dialog.returnValue === 'rule' ? byId('dialog-role').value : null), {once: true}));
}

function enter(place) {
  const node = byId('line-' + Math.max(0, Math.min(place, lines.length - 1)));
  node?.focus();
  node?.scrollIntoView({block: 'nearest'});
}

function lineKeys(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const act = {
    ArrowDown: () => enter(current + 1), ArrowUp: () => enter(current - 1), Home: () => enter(0), Escape: () => close(),
    a: () => rule('accept'), r: () => rule('reject'), m: () => rule('rule'),
  }[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (!act) return;
  event.preventDefault();
  act();
}
