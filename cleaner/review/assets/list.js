// The list of articles: only the rows in sight are in the page, however many there are.

const ROW = 58;
let shown = [];
let active = 0;
let opened = -1;

function listed(numbers, more) {
  shown = numbers;
  active = Math.max(0, Math.min(active, shown.length - 1));
  if (opened >= 0 && shown.includes(opened)) active = shown.indexOf(opened);
  byId('count').textContent = `${number(shown.length)} of ${plural(index.id.length, 'article', 'articles')}` +
    (more ? ', searching …' : '');
  byId('rows').style.height = shown.length * ROW + 'px';
  if (!more) say(`${plural(shown.length, 'article', 'articles')} listed.`);
  drawRows();
  if (opened < 0 && !more) overview(shown);
}

/** The rows in sight; with `keep` those drawn before are not touched, so that a click begun while the list moves is one. */
function drawRows(keep) {
  const list = byId('list');
  const rows = byId('rows');
  const first = Math.max(0, Math.floor(list.scrollTop / ROW) - 4);
  const last = Math.min(shown.length, Math.ceil((list.scrollTop + list.clientHeight) / ROW) + 4);
  if (!keep) rows.replaceChildren();
  [...rows.children].filter(made => made.place < first || made.place >= last).forEach(made => made.remove());
  for (let place = first; place < last; place++) {
    if (!byId('row-' + place)) rows.insertBefore(row(place), rows.children[place - first] ?? null);
  }
  if (shown.length) list.setAttribute('aria-activedescendant', 'row-' + active);
  else list.removeAttribute('aria-activedescendant');
}

function row(place) {
  const i = shown[place];
  const least = doubt(i);
  const share = index.words[i] ? Math.round(index.kept[i] / index.words[i] * 100) + '% kept' : 'no words';
  const note = [index.names[index.language[i]], share, least > 100 ? 'no edits' : 'least certain ' + (least / 100).toFixed(2)];
  const made = element('div', {
    role: 'option', id: 'row-' + place, class: 'article', 'aria-selected': String(i === opened),
    'aria-setsize': shown.length, 'aria-posinset': place + 1, 'data-active': place === active,
    on: {click: () => { active = place; open(i); }},
  }, element('span', {class: 'title', dir: 'auto'}, index.title[i] || index.id[i]), element('small', {}, note.filter(Boolean).join(' · ')));
  made.place = place;
  made.style.top = place * ROW + 'px';
  return made;
}

function step(to) {
  active = Math.max(0, Math.min(to, shown.length - 1));
  const list = byId('list');
  if (active * ROW < list.scrollTop) list.scrollTop = active * ROW;
  else if ((active + 1) * ROW > list.scrollTop + list.clientHeight) list.scrollTop = (active + 1) * ROW - list.clientHeight;
  drawRows();
}

function listKeys(event) {
  const page = Math.max(1, Math.floor(byId('list').clientHeight / ROW) - 1);
  const to = {
    ArrowDown: active + 1, ArrowUp: active - 1, PageDown: active + page, PageUp: active - page, Home: 0, End: shown.length - 1,
  }[event.key];
  if (to !== undefined) step(to);
  else if ((event.key === 'Enter' || event.key === ' ') && shown.length) open(shown[active], true);
  else return;
  event.preventDefault();
}
