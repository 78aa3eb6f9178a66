// What people decided, and the TOML file that it becomes.

const decisions = new Map();
let unsaved = false;

const keyOf = (number, line) => `${number}:${line.start}:${line.end}`;

/** The verdict on a line becomes this; the same again takes it back. */
function decide(number, line, verdict, role) {
  const key = keyOf(number, line);
  const known = decisions.get(key);
  if (known && known.verdict === verdict && known.role === role) {
    decisions.delete(key);
  } else {
    const by = line.edits.at(-1);
    decisions.set(key, {
      verdict, document: index.id[number], text_sha256: index.sha256[number], start: line.start, end: line.end,
      text: line.text, rule: by ? by.rule : '', role, language: index.names[index.language[number]],
      url: index.url[number],
    });
  }
  unsaved = decisions.size > 0;
  showSaving();
}

const ESCAPES = {'"': '\\"', '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t'};

function quoted(text) {
  const safe = text.replace(/["\\\u0000-\u001f\u007f]/g, found =>
    ESCAPES[found] || '\\u' + found.charCodeAt(0).toString(16).padStart(4, '0'));
  return `"${safe.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd')}"`;
}

function asToml() {
  const tables = [...decisions.values()].map(decision => '\n[[decision]]\n' + Object.entries(decision)
    .map(([key, value]) => `${key} = ${typeof value === 'number' ? value : quoted(value)}\n`).join(''));
  return 'schema_version = 1\n' + tables.join('');
}

function showSaving() {
  byId('save').disabled = decisions.size === 0;
  byId('save').textContent = decisions.size ? `Save decisions (${number(decisions.size)})` : 'Save decisions';
}

async function save() {
  const count = plural(decisions.size, 'decision', 'decisions');
  if (SAVE) {
    byId('save').disabled = true;
    say(`Saving ${count} and cleaning again …`);
    try {
      const answer = await fetch(SAVE, {method: 'POST', body: asToml(), headers: {'Content-Type': 'application/toml'}});
      const said = await answer.text();
      unsaved &&= !answer.ok;
      say(said);
      if (answer.status === 201) {
        sessionStorage.setItem('said', said);
        location.reload();
      }
    } catch {
      say(`The ${count} could not be saved: is cleaner review still running?`);
    }
    showSaving();
    return;
  }
  const address = URL.createObjectURL(new Blob([asToml()], {type: 'application/toml'}));
  element('a', {href: address, download: 'decisions.toml'}).click();
  setTimeout(() => URL.revokeObjectURL(address), 60000);
  unsaved = false;
  say(`${count} saved as decisions.toml; cleaner rules apply makes rules of it.`);
}
