"use strict";
// Asks whether there is something new, and loads the page again where the reader was.
const frame = document.getElementById("page");
const status = document.getElementById("status");
const mistakes = document.getElementById("mistakes");
const name = frame.dataset.name;
let seen = -1;
let shown = 0;

const show = (state) => {
  mistakes.replaceChildren(...state.mistakes.map((text) => {
    const block = document.createElement("pre");
    block.textContent = text;
    return block;
  }));
  mistakes.hidden = state.mistakes.length === 0;
  status.textContent = state.mistakes.length > 0
    ? (state.page === 0 ? "no page could be made yet" : "the last page that could be made stands below")
    : state.revision === 0 ? "walking…"
    : state.preview ? "new prose; the rest is being derived" : "as saved";
};

const reload = () => {
  const { scrollX, scrollY, location } = frame.contentWindow;
  const address = `/${encodeURIComponent(name)}/page`;
  const hash = location.hash;
  frame.addEventListener("load", () => frame.contentWindow.scrollTo(scrollX, scrollY), { once: true });
  if (location.pathname === address) location.reload();
  else frame.src = address + hash;
};

const ask = async () => {
  try {
    const state = await (await fetch(`/${encodeURIComponent(name)}/state`, { cache: "no-store" })).json();
    if (state.revision !== seen) {
      seen = state.revision;
      show(state);
      if (state.page !== shown) {
        shown = state.page;
        reload();
      }
    }
  } catch {
    status.textContent = "walker serve has ended";
  }
  setTimeout(ask, 250);
};
ask();
