// The script of all pages. Without it everything is there and readable: it only hides, shows and copies, and reads
// status.json. What is chosen is kept in the address, so that it can be shared.
'use strict';

(() => {
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const say = (text) => { document.querySelector('[data-said]').textContent = text; };

  // The address keeps what is not empty.
  const keep = (form) => {
    const address = new URL(location.href);
    for (const field of form.elements) {
      if (!field.name) continue;
      if (field.value) address.searchParams.set(field.name, field.value);
      else address.searchParams.delete(field.name);
    }
    // Browsers refuse too many of these in too short a time.
    try { history.replaceState(null, '', address); } catch { /* the next one will do */ }
  };

  const recall = (form) => {
    const chosen = new URLSearchParams(location.search);
    for (const field of form.elements) {
      if (field.name) field.value = chosen.get(field.name) ?? '';
      if (field.selectedIndex < 0) field.value = '';
    }
  };

  // An item shows when no form hides it; a group when any of its items does.
  const hiddenBy = new WeakMap();
  const hide = (item, form, hidden) => {
    const forms = hiddenBy.get(item) ?? new Set();
    if (hidden) forms.add(form); else forms.delete(form);
    hiddenBy.set(item, forms);
    item.hidden = forms.size > 0;
  };
  const items = all('[data-project]');
  const groups = all('[data-group]').reverse().map((group) => [group, all('[data-project]', group)]);
  const regroup = (isFiltered) => {
    for (const [group, inside] of groups) {
      group.hidden = inside.length ? inside.every((item) => item.hidden) : isFiltered;
      const fold = group.matches('.release') && group.querySelector('details');
      if (fold && isFiltered && !group.hidden) fold.open = true;
    }
  };

  const texts = new Map();
  const text = (item) => {
    if (!texts.has(item)) {
      const block = item.closest('.block');
      texts.set(item, `${block ? block.querySelector('h4').textContent : ''} ${item.textContent}`.toLowerCase());
    }
    return texts.get(item);
  };

  const onForm = (form, event, apply) => {
    const clear = form.querySelector('[type=reset]');
    const isFilled = () => [...form.elements].some((field) => field.name && field.value);
    const changed = () => { apply(); clear.hidden = !isFilled(); keep(form); };
    form.addEventListener(event, changed);
    form.addEventListener('submit', (submission) => { submission.preventDefault(); changed(); });
    form.addEventListener('reset', () => setTimeout(changed));
    form.addEventListener('keydown', (pressed) => { if (pressed.key === 'Escape') { form.reset(); changed(); } });
    addEventListener('popstate', () => { recall(form); changed(); });
    recall(form);
    if (isFilled()) changed();
    const choices = form.querySelector('.choices');
    if (choices) choices.open = all('select', choices).some((field) => field.value);
  };

  for (const form of all('form.filter')) {
    const output = form.querySelector('output');
    onForm(form, 'input', () => {
      const words = form.elements.q.value.toLowerCase().split(/\s+/).filter(Boolean);
      const chosen = [...form.elements].filter((field) => field.name && field.name !== 'q' && field.value);
      let shown = 0;
      for (const item of items) {
        const fits = chosen.every((field) => (item.dataset[field.name] ?? '').split(' ').includes(field.value))
          && words.every((word) => text(item).includes(word));
        hide(item, form, !fits);
        shown += fits;
      }
      const isFiltered = chosen.length + words.length > 0;
      regroup(isFiltered);
      document.body.classList.toggle('filtered', isFiltered);
      output.textContent = isFiltered ? `${shown} of ${items.length}` : '';
      for (const place of all('[data-none]')) {
        place.hidden = !isFiltered || all('.day [data-project]').some((item) => !item.hidden);
        place.querySelector('a').search = location.search;
      }
    });
  }

  // Notes between two versions or dates: after the first, up to and with the last.
  for (const form of all('form.between')) {
    const output = form.querySelector('output');
    const sections = all('section.release[data-rank]');
    const opened = [];
    const bound = (value) => {
      if (/^\d{4}-\d\d-\d\d$/.test(value) && !Number.isNaN(Date.parse(value))) return { date: value };
      const bare = (version) => version.toLowerCase().replace(/^v/, '');
      const section = sections.find((one) => one.id === value || bare(one.dataset.version) === bare(value));
      return section ? { rank: Number(section.dataset.rank) } : null;
    };
    onForm(form, 'change', () => {
      const [from, to] = ['from', 'to'].map((name) => form.elements[name].value.trim());
      const unknown = [from, to].filter((value) => value && !bound(value));
      let [low, high] = [from, to].map((value) => value && bound(value));
      if (low && high && (low.date > high.date || low.rank > high.rank)) [low, high] = [high, low];
      for (const notes of opened.splice(0)) notes.open = false;
      let shown = 0;
      for (const section of sections) {
        const { rank, released } = section.dataset;
        const fits = !unknown.length
          && (!low || ('date' in low ? released >= low.date : Number(rank) > low.rank))
          && (!high || ('date' in high ? released <= high.date : Number(rank) <= high.rank));
        hide(section, form, Boolean(from || to) && !unknown.length && !fits);
        const notes = section.querySelector('details');
        if (notes && !notes.open && (from || to) && fits) { notes.open = true; opened.push(notes); }
        shown += fits;
      }
      regroup(Boolean(from || to));
      if (unknown.length) output.textContent = `${unknown.join(', ')}: no version here, and no date such as 2026-08-21`;
      else output.textContent = from || to ? `${shown} release${shown === 1 ? '' : 's'}` : '';
    });
  }

  for (const button of all('button.copy')) {
    const label = button.textContent;
    button.addEventListener('click', async () => {
      try {
        await navigator.clipboard.writeText(button.dataset.copy);
        button.textContent = 'Copied';
        say('Copied');
      } catch {
        button.textContent = 'Not allowed';
        say('The browser does not allow copying here');
      }
      setTimeout(() => { button.textContent = label; say(''); }, 2000);
    });
  }

  // Parts are folded under their whole, but while a filter looks through them.
  for (const button of all('.fold button')) {
    const parts = document.getElementById(button.getAttribute('aria-controls'));
    button.closest('.fold').hidden = false;
    parts.classList.add('folded');
    button.addEventListener('click', () => {
      const isFolded = parts.classList.toggle('folded');
      button.setAttribute('aria-expanded', String(!isFolded));
    });
  }

  // The newest is at the right.
  for (const chart of all('.chart')) chart.scrollLeft = chart.scrollWidth;

  // What is wider than its place is reached by the keyboard, too.
  for (const wide of all('.notes pre, .notes table')) wide.tabIndex = 0;

  // An address with a version leads to its notes.
  const open = () => {
    let place = location.hash.slice(1);
    try { place = decodeURIComponent(place); } catch { /* no address of ours */ }
    const target = document.getElementById(place);
    if (!target) return;
    const notes = target.closest('details') ?? target.querySelector('details');
    if (notes) notes.open = true;
    // What a filter hides is shown when somebody asks for it.
    if (target.closest('[hidden]')) {
      for (const form of all('form.filter, form.between')) form.reset();
      setTimeout(() => target.scrollIntoView());
    }
  };
  addEventListener('hashchange', open);
  open();

  // The last look, which no page can say by itself.
  const show = (status) => {
    const moment = (at) => `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`;
    for (const place of all('[data-looked]')) place.textContent = `: ${moment(status.at)}`;
    for (const place of all('[data-stale]')) place.hidden = !(Date.now() - Date.parse(status.at) >= 2 * 86400e3);
    for (const place of all('[data-run]')) place.hidden = false;
    for (const place of all('[data-run-at]')) place.textContent = moment(status.at);
    for (const place of all('[data-run-requests]')) {
      const sum = Object.entries(status.requests ?? {}).map(([channel, number]) => `${number} to ${channel}`);
      place.textContent = sum.join(', ') || 'none';
    }
    for (const place of all('[data-run-news]')) {
      place.textContent = `${status.counts?.new ?? 0} releases, ${status.counts?.events ?? 0} events`;
    }
    const answers = new Map((status.sources ?? []).map((one) => [`${one.project} ${one.source}`, one]));
    for (const place of all('[data-answer]')) {
      const at = answers.get(place.dataset.answer)?.last_answer;
      place.textContent = at ? moment(at) : '';
    }
  };
  if (document.querySelector('[data-looked], [data-run]') && location.protocol !== 'file:') {
    fetch(`${document.body.dataset.root}status.json`)
      .then((answer) => (answer.ok ? answer.json() : null))
      .then((status) => status?.at && show(status))
      .catch(() => {});
  }
})();
