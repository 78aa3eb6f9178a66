// The page begins here.

async function begin() {
  index = await unpack('index');
  certainty = index.id.map((_, i) => doubt(i));
  fillFilters();
  byId('sort').value = DEFAULT_SORT;
  byId('filters').addEventListener('submit', event => event.preventDefault());
  byId('filters').addEventListener('change', event => { if (event.target.id !== 'search') applyFilters(); });
  byId('filters').addEventListener('reset', () => setTimeout(applyFilters));
  let typing;
  byId('search').addEventListener('input', () => { clearTimeout(typing); typing = setTimeout(applyFilters, 200); });
  byId('list').addEventListener('scroll', () => requestAnimationFrame(() => drawRows(true)));
  byId('list').addEventListener('keydown', listKeys);
  byId('save').addEventListener('click', save);
  addEventListener('resize', () => drawRows(true));
  addEventListener('beforeunload', event => { if (unsaved) event.preventDefault(); });
  await applyFilters();
  const said = SAVE && sessionStorage.getItem('said');
  if (said) {
    sessionStorage.removeItem('said');
    say(said);
  }
  document.body.dataset.ready = 'true';
}

begin().catch(error => say(`This page cannot be shown: ${error.message}; a browser of 2023 or later is needed.`));
