// The overview: plain bars, each a button that filters where there is something to filter by.

const SHOWN = 12;
const SVG = 'http://www.w3.org/2000/svg';

function bar(share, role) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 100 10');
  svg.setAttribute('preserveAspectRatio', 'none');
  svg.setAttribute('aria-hidden', 'true');
  const rect = document.createElementNS(SVG, 'rect');
  rect.setAttribute('width', (share && Math.max(share * 100, 0.5)).toFixed(2));
  rect.setAttribute('height', '10');
  if (role) paint(rect, role);
  svg.append(rect);
  return svg;
}

/** A plot of [label, count] rows; `by` is the filter that a row sets. */
function plot(title, rows, unit, by) {
  const most = Math.max(1, ...rows.map(row => row[1]));
  const item = ([label, count]) => {
    const parts = [
      element('span', {class: 'label'}, label || 'unknown'),
      bar(count / most, by === 'role' ? label : ''),
      element('span', {class: 'value'}, number(count)),
    ];
    const row = by && label
      ? element('button', {type: 'button', class: 'row', title: index.why[label], on: {click: () => choose(by, label)}}, ...parts)
      : element('span', {class: 'row'}, ...parts);
    return element('li', {}, row);
  };
  const section = element('section', {}, element('h3', {}, title, element('small', {}, unit)));
  section.append(element('ul', {}, ...rows.slice(0, SHOWN).map(item)));
  if (rows.length > SHOWN) {
    const rest = element('ul');
    section.append(element('details', {on: {toggle: () => {
      if (!rest.childElementCount) rest.append(...rows.slice(SHOWN).map(item));
    }}}, element('summary', {}, number(rows.length - SHOWN) + ' more'), rest));
  }
  if (!rows.length) section.append(element('p', {class: 'quiet'}, 'none'));
  return section;
}

function ranked(counts) {
  return [...counts].map(([name, count]) => [index.names[name], count]).sort((a, b) => b[1] - a[1]);
}

function overview(numbers) {
  const roles = new Map(), kept = new Map(), languages = new Map(), agencies = new Map(), rules = new Map();
  const flags = new Map(), dates = new Map(), shares = new Array(10).fill(0);
  const add = (map, key, count = 1) => map.set(key, (map.get(key) || 0) + count);
  const none = index.names.indexOf('');
  let words = 0, left = 0, gone = 0;
  for (const i of numbers) {
    words += index.words[i];
    left += index.kept[i];
    add(languages, index.language[i]);
    for (const agency of index.agencies[i]) add(agencies, agency);
    for (const flag of index.flags[i]) add(flags, flag);
    add(dates, index.published[i].slice(0, 4));
    if (index.words[i]) shares[Math.min(9, Math.floor(index.kept[i] / index.words[i] * 10))]++;
    hits(i, (rule, role, _, count, dropped) => {
      if (rule !== none) add(rules, rule, count);
      if (dropped) { add(roles, role, count); gone += count; } else if (rule === none) add(kept, role, count);
    });
  }
  const view = byId('view');
  view.replaceChildren(
    element('h2', {}, 'Overview'),
    element('p', {class: 'figures'},
      `${plural(numbers.length, 'article', 'articles')}, ${number(left)} of ${number(words)} words kept, ` +
      `${plural(gone, 'line', 'lines')} dropped`),
    element('div', {class: 'plots'},
      plot('Words kept', shares.map((count, i) => [`${i * 10}–${i * 10 + 10}%`, count]).reverse(), 'articles'),
      plot('Roles dropped', ranked(roles), 'lines', 'role'),
      plot('Rules', ranked(rules), 'edits', 'rule'),
      plot('Roles kept as read', ranked(kept), 'lines', 'role'),
      plot('Languages', ranked(languages), 'articles', 'language'),
      plot('Agencies', ranked(agencies), 'articles', 'agency'),
      plot('Published', [...dates].sort((a, b) => a[0].localeCompare(b[0])), 'articles'),
      plot('Flags', ranked(flags), 'articles', 'flag')),
  );
}
