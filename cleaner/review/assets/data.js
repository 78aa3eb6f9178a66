// The data of the page: the index at once, the articles in pieces when they are asked for.

const SAVE = document.body.dataset.save;
const REMEMBERED = 8;
const pieces = new Map();
let index;

async function unpack(id) {
  const binary = atob(document.getElementById(id).textContent);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return JSON.parse(await new Response(stream).text());
}

function pieceOf(number) {
  let low = 0, high = index.pieces.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (index.pieces[middle] <= number) low = middle; else high = middle - 1;
  }
  return low;
}

/** The articles of a piece, each its lines and its facts. */
function piece(number) {
  const known = pieces.get(number);
  pieces.delete(number);
  const found = known || unpack('piece-' + number);
  pieces.set(number, found);
  if (pieces.size > REMEMBERED) pieces.delete(pieces.keys().next().value);
  return found;
}

/** Lines and facts of one article. */
async function article(number) {
  const at = pieceOf(number);
  const [lines, facts] = (await piece(at))[number - index.pieces[at]];
  return {
    facts,
    lines: lines.map(([start, end, dropped, role, text, edits, raw]) => ({
      start, end, text, raw, dropped: dropped === 1, role: index.names[role],
      edits: edits.map(([rule, stage, confidence]) => ({rule: index.names[rule], stage: index.names[stage], confidence})),
    })),
  };
}

/** What counts of an article's lines: calls `each` with rule, role, confidence, count and whether the edit dropped them. */
function hits(number, each) {
  const row = index.hits[number];
  for (let i = 0; i < row.length; i += 5) each(row[i], row[i + 1], row[i + 2], row[i + 3], row[i + 4]);
}

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === 'on') for (const [type, heard] of Object.entries(value)) made.addEventListener(type, heard);
    else if (value !== undefined && value !== false) made.setAttribute(name, value === true ? '' : value);
  }
  made.append(...children);
  return made;
}

const byId = id => document.getElementById(id);
const say = text => { byId('status').textContent = text; };
const number = value => value.toLocaleString('en');
const plural = (count, one, many) => number(count) + ' ' + (count === 1 ? one : many);

/** Every role has a colour of its own; the golden angle keeps neighbours apart. */
function paint(node, role) {
  node.style.setProperty('--hue', Math.round((index.roles.indexOf(role) + 1) * 137.5) % 360);
}
