"use strict";
function same(one, other) {
  return one.length === other.length && one.every((row, number) => row === other[number]);
}

// Of the rows that fit the filters, so many of each list are printed, unless all are asked for.
const PRINTED = 120;

function printedOf(rows) {
  return document.getElementById("filters").elements.everything.checked ? rows.length : Math.min(rows.length, PRINTED);
}

// A real table that shows its first rows and more on request.
class PagedTable {
  static page = 25;

  constructor(host, heads, build) {
    this.build = build;
    this.rows = [null];
    this.body = make("tbody");
    const head = make("tr");
    for (const [name, numeric] of heads) {
      head.append(make("th", { scope: "col", class: numeric ? "number" : "" }, text(name)));
    }
    this.count = make("p", { class: "count", role: "status" });
    this.more = make("button", { type: "button", click: () => this.grow() });
    const table = make("table", {}, make("thead", {}, head), this.body);
    const wide = make("div", { class: "wide", tabindex: "0", role: "region" }, table);
    wide.setAttribute("aria-labelledby", host.dataset.title);
    host.append(this.count, wide, this.more);
  }

  show(rows) {
    if (same(this.rows, rows)) return;
    this.rows = rows;
    this.restart();
  }

  restart() {
    this.body.replaceChildren();
    this.grow();
  }

  grow(most = PagedTable.page) {
    const first = this.body.childElementCount;
    const last = Math.min(first + most, this.rows.length);
    const rows = document.createDocumentFragment();
    for (let i = first; i < last; i += 1) rows.append(this.build(this.rows[i]));
    this.body.append(rows);
    const left = this.rows.length - last;
    this.more.hidden = left === 0;
    this.more.textContent = `+ ${Math.min(left, PagedTable.page)}`;
    this.count.textContent = text("rows_shown", { shown: plain(last), all: plain(this.rows.length) });
  }

  beforePrint() {
    this.body.replaceChildren();
    this.grow(printedOf(this.rows));
  }

  afterPrint() {
    this.restart();
  }
}

// A scrolling grid of rows of one height that keeps only those in view.
class VirtualGrid {
  static beyond = 4;
  static tallest = 600;

  constructor(host, firstHead, height, build) {
    this.height = height;
    this.build = build;
    this.rendered = new Map();
    this.rows = [null];
    const head = make("div", { class: "grid-head", role: "row", "aria-rowindex": "1" });
    head.append(make("div", { class: "row-name", role: "columnheader" }, text(firstHead)), periodHeads());
    this.body = make("div", { class: "grid-body", role: "rowgroup" });
    this.table = make("div", { role: "table", class: "grid-table" }, head, this.body);
    this.table.setAttribute("aria-labelledby", host.dataset.title);
    this.table.style.setProperty("--periods", data.periods.length);
    this.empty = make("p", { class: "empty" }, text("nothing_found"));
    this.printed = make("p", { class: "printed" });
    this.scroller = make("div", { class: "scroller", tabindex: "0", role: "region" }, this.table);
    this.scroller.setAttribute("aria-labelledby", host.dataset.title);
    // Asking the page for them would lay it out anew each time that rows change.
    this.top = 0;
    this.seen = Math.ceil(VirtualGrid.tallest / height);
    this.scroller.addEventListener("scroll", () => {
      this.top = this.scroller.scrollTop;
      this.draw();
    }, { passive: true });
    this.scroller.addEventListener("keydown", (event) => this.move(event));
    host.append(this.printed, this.scroller, this.empty);
  }

  show(rows) {
    if (same(this.rows, rows)) return;
    this.rows = rows;
    this.table.setAttribute("aria-rowcount", rows.length + 1);
    this.body.style.height = `${rows.length * this.height}px`;
    this.empty.hidden = rows.length > 0;
    this.rendered.clear();
    this.body.replaceChildren();
    if (this.top > 0) this.scroller.scrollTop = 0;
    this.top = 0;
    this.draw();
  }

  draw() {
    const first = Math.floor(this.top / this.height) - VirtualGrid.beyond;
    this.drawRange(Math.max(0, first), Math.min(this.rows.length, first + this.seen + 2 * VirtualGrid.beyond));
  }

  drawRange(first, last) {
    for (const [index, row] of this.rendered) {
      if ((index < first || index >= last) && !row.contains(document.activeElement)) {
        row.remove();
        this.rendered.delete(index);
      }
    }
    // Rows stand in the page in their order, so that reading and tabbing follow it.
    const later = [...this.rendered.keys()].sort((a, b) => a - b);
    let next = 0;
    for (let index = first; index < last; index += 1) {
      while (next < later.length && later[next] < index) next += 1;
      if (this.rendered.has(index)) continue;
      const row = this.build(this.rows[index]);
      row.setAttribute("role", "row");
      row.setAttribute("aria-rowindex", index + 2);
      row.style.transform = `translateY(${index * this.height}px)`;
      row.style.height = `${this.height}px`;
      this.body.insertBefore(row, next < later.length ? this.rendered.get(later[next]) : null);
      this.rendered.set(index, row);
    }
  }

  // Up and Down go from name to name, also beyond the rows in view.
  move(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const here = [...this.rendered].find(([, row]) => row.contains(document.activeElement));
    if (!step || !here) return;
    const target = here[0] + step;
    if (target < 0 || target >= this.rows.length) return;
    event.preventDefault();
    this.drawRange(Math.max(0, target - 1), Math.min(this.rows.length, target + 2));
    const focus = this.rendered.get(target).querySelector("button");
    if (focus) focus.focus();
    this.draw();
  }

  beforePrint() {
    const last = printedOf(this.rows);
    this.printed.textContent = text("rows_shown", { shown: plain(last), all: plain(this.rows.length) });
    this.drawRange(0, last);
  }

  afterPrint() {
    this.draw();
  }
}

function periodHeads() {
  const heads = make("div", { class: "periods" });
  const every = Math.ceil(data.periods.length / 30);
  data.periods.forEach((period, number) => {
    const shown = number % every === 0 ? period : "";
    heads.append(make("div", { role: "columnheader", "aria-label": period, title: period }, shown));
  });
  return heads;
}
