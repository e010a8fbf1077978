"use strict";
const filters = { words: [], unit: "", provider: -1, short: false, kind: "" };
const shortages = new Map();
for (const row of data.shortages) {
  if (!shortages.has(row[1])) shortages.set(row[1], []);
  shortages.get(row[1]).push(row);
}
const personById = new Map(data.people.map((row) => [row[0], row]));

// What the search looks at, put together once.
const haystack = new Map();
for (const row of data.people) {
  const words = [row[0], row[1], row[2], row[3]];
  for (const [place] of row[6]) words.push(...data.placements[place].slice(0, 2), data.placements[place][4]);
  for (const [, provider] of row[7]) words.push(data.providers[provider][1], data.providers[provider][2]);
  haystack.set(row, words.join("\n").toLowerCase());
}
for (const row of data.shortages) haystack.set(row, [row[0], row[1], row[4]].join("\n").toLowerCase());
for (const row of data.placements) haystack.set(row, [row[0], row[1], row[3], row[4]].join("\n").toLowerCase());

function ofKind(shortage) {
  return !filters.kind || shortage[5] === filters.kind;
}

function wordsIn(row) {
  return filters.words.every((word) => haystack.get(row).includes(word));
}

function personFits(row) {
  if (filters.short && !shortages.has(row[0])) return false;
  if (filters.kind && !(shortages.get(row[0]) || []).some(ofKind)) return false;
  if (filters.provider >= 0 && !row[7].some(([, provider]) => provider === filters.provider)) return false;
  if (filters.unit && row[2] !== filters.unit
    && !row[6].some(([place]) => data.placements[place][4] === filters.unit)) return false;
  return wordsIn(row);
}

function wordsMatch(...cells) {
  const all = cells.join("\n").toLowerCase();
  return filters.words.length > 0 && filters.words.every((word) => all.includes(word));
}

function staySentence([place, start, end]) {
  const row = data.placements[place];
  return text("sentence", { from: data.periods[start], to: data.periods[end],
    placement: nameOf.placement(row), stage: data.stages[row[2]] });
}

function personButton(row) {
  return make("button", { type: "button", class: "link", click: () => openPerson(row) }, nameOf.person(row));
}

function personRow(row) {
  const name = make("div", { class: "row-name", role: "rowheader", title: titled(row[1], row[0]) },
    personButton(row), make("span", { class: "unit" }, row[2]));
  if (shortages.has(row[0])) {
    name.append(make("span", { class: "flag", role: "img", "aria-label": text("missing_here") }, "!"));
  }
  const line = make("div", { class: "line", role: "cell" });
  const n = data.periods.length;
  for (const stay of row[6]) {
    const [place, start, end] = stay;
    const stage = data.placements[place][2];
    const sentence = staySentence(stay);
    const bar = make("span", { class: `bar stage-${stage % 6}`, role: "img", "aria-label": sentence, title: sentence },
      data.placements[place][3] || nameOf.placement(data.placements[place]));
    if (data.concurrent[stage]) bar.classList.add("concurrent");
    bar.style.left = `${(100 * start) / n}%`;
    bar.style.width = `${(100 * (end - start + 1)) / n}%`;
    line.append(bar);
  }
  if (row[6].length === 0) line.append(make("span", { class: "none" }, text("not_placed")));
  return make("div", { class: "grid-row" }, name, line);
}

function placementRow(row) {
  const label = titled(row[1], row[0]);
  const name = make("div", { class: "row-name", role: "rowheader", title: label },
    make("span", {}, nameOf.placement(row)), make("span", { class: "unit" }, row[4]));
  const cells = make("div", { class: "periods" });
  row[5].forEach(([used, seats, short], period) => {
    const cell = make("div", { role: "cell", title: `${label}, ${data.periods[period]}: ${used}/${seats}` });
    if (seats > 0 || used > 0) {
      cell.textContent = `${used}/${seats}`;
      if (used >= seats) cell.className = "full";
      else if (short) cell.className = "short";
      else if (used > 0) cell.className = "some";
    }
    cells.append(cell);
  });
  return make("div", { class: "grid-row" }, name, cells);
}

function cell(value, numeric = false) {
  return make("td", { class: numeric ? "number" : "" }, numeric ? plain(value) : value);
}

function shortageRow([rule, subject, amount, points, reason, kind]) {
  const person = rule === "missing" ? personById.get(subject) : undefined;
  const who = make("th", { scope: "row" }, person ? personButton(person) : subject);
  if (person && person[1]) who.append(` (${subject})`);
  return make("tr", {}, who, cell(texts[`rule_${kind}`] || kind), cell(reason), cell(amount, true), cell(points, true));
}

function loadRow([table, id, name, used, capacity, roles]) {
  const full = capacity !== null && used >= capacity;
  const bar = make("span", { class: "gauge", "aria-hidden": "true" }, make("span"));
  bar.firstChild.style.width = `${capacity ? Math.min(100, (100 * used) / capacity) : 0}%`;
  const parts = roles.filter(([, many, limit]) => many > 0 || limit !== null)
    .map(([role, many, limit]) => `${role} ${plain(many)}${limit === null ? "" : `/${plain(limit)}`}`);
  const there = capacity === null ? text("no_limit") : plain(capacity);
  return make("tr", { class: full ? "is-full" : "" }, make("th", { scope: "row" }, titled(name, id)), cell(table),
    cell(parts.join(", ")), cell(used, true), make("td", { class: "number" }, there), make("td", {}, bar));
}

function changeRow([change, kind, person, what, before, after, why, price]) {
  const row = personById.get(person);
  const who = make("th", { scope: "row" }, row ? personButton(row) : person);
  return make("tr", {}, who, cell(texts[`change_${change}`] || change), cell(kind), cell(what), cell(before),
    cell(after), cell(why), make("td", { class: "number" }, String(price)));
}

function seekerCell(id) {
  const row = personById.get(id);
  return make("td", {}, row ? personButton(row) : id);
}

function reserveRow([matching, provider, place, seeker, change, behind, leaves, needs]) {
  return make("tr", {}, make("th", { scope: "row" }, provider), cell(matching), cell(place, true), seekerCell(seeker),
    cell(change, true), make("td", { class: "number" }, behind === null ? "" : plain(behind)), cell(leaves),
    cell(needs));
}

function blockingRow([matching, seeker, provider, change, leaves, displaces, breaks]) {
  return make("tr", {}, seekerCell(seeker), cell(provider), cell(matching), cell(change, true), cell(leaves),
    cell(displaces), cell(breaks));
}

function list(heading, lines) {
  const part = make("div", {}, make("h3", {}, text(heading)));
  part.append(lines.length ? make("ul", {}, ...lines.map((line) => make("li", {}, line)))
    : make("p", {}, text(heading === "stages" ? "not_placed" : "nobody")));
  return part;
}

function openPerson(row) {
  const dialog = document.getElementById("person");
  const facts = [row[2], row[3], `${text("own_points")}: ${plain(row[5])}`].filter(Boolean).join(" · ");
  const link = make("a", { href: `people/${encodeURIComponent(row[4])}.html` }, text("development_plan"));
  const close = make("button", { type: "button", click: () => dialog.close() }, text("close"));
  const title = make("h2", { id: "person-title" }, titled(row[1], row[0]));
  const missing = (shortages.get(row[0]) || []).map((short) => short[4]);
  dialog.replaceChildren(title, make("p", {}, facts));
  if (missing.length) dialog.append(list("missing_here", missing));
  dialog.append(list("stages", row[6].map(staySentence)),
    list("mentors", row[7].map(([matching, provider]) =>
      `${data.matchings[matching]}: ${nameOf.provider(data.providers[provider])}`)),
    make("p", { class: "actions" }, link, close));
  dialog.showModal();
}

function sections() {
  const host = (id) => document.getElementById(id);
  const grids = {
    people: new VirtualGrid(host("people-rows"), "person", 34, personRow),
    seats: new VirtualGrid(host("seat-rows"), "placement", 30, placementRow),
    shortages: new PagedTable(host("shortage-rows"), [["subject"], ["kind"], ["reason"], ["amount", true],
      ["points", true]], shortageRow),
    loads: new PagedTable(host("load-rows"), [["provider"], ["kind"], ["role"], ["load", true],
      ["capacity", true], ["share"]], loadRow),
  };
  if (data.reserves.length) {
    grids.reserves = new PagedTable(host("reserve-rows"), [["provider"], ["kind"], ["place", true], ["next"],
      ["gain", true], ["behind", true], ["leaves"], ["needs"]], reserveRow);
  }
  if (data.blocking.length) {
    grids.blocking = new PagedTable(host("blocking-rows"), [["person"], ["provider"], ["kind"], ["gain", true],
      ["leaves"], ["displaces"], ["breaks"]], blockingRow);
  }
  if (data.changes.length) {
    grids.changes = new PagedTable(host("change-rows"), [["person"], ["change"], ["kind"], ["what"], ["was"],
      ["is"], ["why"], ["price", true]], changeRow);
  }
  return grids;
}

const grids = sections();

function apply() {
  const people = data.people.filter(personFits);
  const ids = new Set(people.map((row) => row[0]));
  const narrowed = people.length < data.people.length;
  grids.people.show(people);
  grids.shortages.show(data.shortages.filter((row) => ofKind(row) && (personById.has(row[1]) ? ids.has(row[1])
    : filters.provider < 0 && !filters.short && wordsIn(row))));
  grids.seats.show(data.placements.filter((row) => (!filters.unit || row[4] === filters.unit)
    && (!filters.words.length || wordsIn(row)
      || people.length < 50 && people.some((person) => person[6].some(([place]) => data.placements[place] === row)))));
  const partners = new Set(people.flatMap((row) => row[7].map(([, provider]) => provider)));
  grids.loads.show(data.providers.filter((row, number) => !narrowed || partners.has(number)));
  if (grids.reserves) {
    grids.reserves.show(data.reserves.filter((row) => !narrowed || ids.has(row[3]) || wordsMatch(row[1], row[3])));
  }
  if (grids.blocking) {
    grids.blocking.show(data.blocking.filter((row) => !narrowed || ids.has(row[1]) || wordsMatch(row[1], row[2])));
  }
  if (grids.changes) grids.changes.show(data.changes.filter((row) => !narrowed || ids.has(row[2])));
  document.getElementById("shown").textContent =
    text("shown", { shown: plain(people.length), all: plain(data.people.length) });
}

function fillSelect(id, rows) {
  const select = document.getElementById(id);
  rows.forEach(([value, label]) => select.append(make("option", { value }, label)));
}

// The kinds of shortages are choices too: one of them at a time.
const kinds = [...document.querySelectorAll("button[data-kind]")];

function choose(kind) {
  filters.kind = kind;
  for (const button of kinds) button.setAttribute("aria-pressed", String(button.dataset.kind === kind));
}

function listen() {
  const form = document.getElementById("filters");
  const read = () => {
    filters.words = form.elements.search.value.toLowerCase().split(/\s+/).filter(Boolean);
    filters.unit = form.elements.unit.value;
    filters.provider = Number(form.elements.provider.value);
    filters.short = form.elements.short.checked;
    apply();
  };
  form.addEventListener("input", read);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(() => {
    choose("");
    read();
  }));
  for (const button of kinds) {
    button.addEventListener("click", () => {
      choose(filters.kind === button.dataset.kind ? "" : button.dataset.kind);
      apply();
    });
  }
}

const byName = new Intl.Collator(texts.lang);
const units = new Set([...data.people.map((row) => row[2]), ...data.placements.map((row) => row[4])]);
fillSelect("unit", [...units].filter(Boolean).sort().map((unit) => [unit, unit]));
fillSelect("provider", data.providers.map((row, number) => [String(number), titled(row[2], row[1])])
  .sort((a, b) => byName.compare(a[1], b[1])));
listen();
apply();
window.addEventListener("beforeprint", () => Object.values(grids).forEach((grid) => grid.beforePrint()));
window.addEventListener("afterprint", () => Object.values(grids).forEach((grid) => grid.afterPrint()));
