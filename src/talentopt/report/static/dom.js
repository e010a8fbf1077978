"use strict";
// What the page shows comes from the data block; it enters the page as text only, never as markup.
const data = JSON.parse(document.getElementById("data").textContent);
const texts = data.texts;

function text(name, values = {}) {
  return texts[name].replace(/\{(\w+)\}/g, (whole, key) => (key in values ? values[key] : whole));
}

function make(tag, options = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(options)) {
    if (name === "class") element.className = value;
    else if (name === "click") element.addEventListener("click", value);
    else element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

const figures = new Intl.NumberFormat(texts.lang, { maximumFractionDigits: 2 });

function plain(number) {
  return figures.format(number);
}

const nameOf = { person: (row) => row[1] || row[0], placement: (row) => row[1] || row[0],
  provider: (row) => row[2] || row[1] };

function titled(name, id) {
  return name && name !== id ? `${name} (${id})` : id;
}
