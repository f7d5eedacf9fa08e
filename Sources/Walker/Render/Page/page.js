"use strict";

const data = JSON.parse(document.getElementById("data").textContent);
const programs = data.kernels.map((kernel) => new Program(kernel.nodes));
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const by = (id) => document.getElementById(id);

// The kernel that is shown, and what was set: a BigInt for each input, or null for each kernel's own default.
const state = { kernel: 0, values: data.inputs.map((input) => (input.isTracked ? BigInt(input.start) : null)) };

// MARK: Numbers

const defaultOf = (kernel, input) => {
  const known = data.kernels[kernel].defaults[input];
  return known === null || known === undefined ? undefined : BigInt(known);
};

const valueOf = (kernel, input) => state.values[input] ?? defaultOf(kernel, input);

// By the number of the input in the kernel's program.
const inputsOf = (kernel, tracked) =>
  data.kernels[kernel].inputs.map((input) => {
    if (input < 0) return undefined;
    return tracked !== undefined && data.inputs[input].isTracked ? tracked : valueOf(kernel, input);
  });

const outcomesOf = (kernel, tracked) => {
  const inputs = inputsOf(kernel, tracked);
  return data.kernels[kernel].results.map((result) => {
    if (!result) return null;
    return { ...outcome(programs[kernel], result, inputs), names: result.names, absence: result.absence };
  });
};

const needed = (kernel, missing) => {
  if (missing.input === undefined) return missing.why;
  const input = data.kernels[kernel].inputs[missing.input];
  return input >= 0 ? `set ${data.inputs[input].label}` : "hangs on what walker did not look into";
};

const words = (kernel, result) => {
  if (!result) return { text: "–", note: "not asked of this kernel" };
  const note = result.given ? `if it gets there, which ${needed(kernel, result.given).replace(/^set /, "takes ")}` : undefined;
  if (result.number !== undefined) return { text: result.names?.[`${result.number}`] ?? `${result.number}`, note };
  if (result.never) return { text: "never", note: note ?? "the test is true for no length" };
  if (result.notReached) return { text: result.absence ?? "never", note: "there is nothing for these inputs" };
  return { text: "–", note: needed(kernel, result) };
};

const limited = (number, input) => {
  const { minimum, maximum } = data.inputs[input];
  if (number < BigInt(minimum)) return BigInt(minimum);
  return number > BigInt(maximum) ? BigInt(maximum) : number;
};

// A slider's position for a number: eight steps from one power of two to the next.
const position = (number) => {
  if (number === 0n) return 0;
  const size = Number(number < 0n ? -number : number);
  return (number < 0n ? -1 : 1) * (1 + Math.round(8 * Math.log2(size)));
};

const numberAt = (place) => {
  if (place === 0) return 0n;
  return BigInt(Math.sign(place)) * BigInt(Math.round(2 ** ((Math.abs(place) - 1) / 8)));
};

// What was typed: decimal, or hexadecimal with 0x; null where it is no number.
const parsed = (text) => {
  const match = /^\s*(-?)(0x[0-9a-f]+|[0-9]+)\s*$/i.exec(text);
  if (!match || match[2].length > 40) return null;
  return match[1] ? -BigInt(match[2]) : BigInt(match[2]);
};

// MARK: Showing

const show = (source) => {
  const kernel = state.kernel;
  showInputs(source);
  const outcomes = data.kernels.map((_, index) => outcomesOf(index));
  for (const output of all("[data-result]")) {
    const { text, note } = words(kernel, outcomes[kernel][Number(output.dataset.result)]);
    output.textContent = text;
    output.title = note ?? "";
    output.classList.toggle("no-number", !/^-?[0-9]/.test(text));
    output.dataset.note = note ?? "";
  }
  showSteps(kernel);
  showAnswer(kernel, outcomes[kernel]);
  writeAddress();
  curves.forEach((curve, result) => curve.mark(state.values[0], outcomes.map((list) => list[result])));
};

const showInputs = (source) => {
  const kernel = state.kernel;
  data.inputs.forEach((input, index) => {
    const value = valueOf(kernel, index);
    for (const field of all(`.number[data-input="${index}"]`)) {
      if (field !== source) field.value = value === undefined ? "" : `${value}`;
      // What is being typed may be nonsense, and stands there till it is left.
      if (field !== source || parsed(field.value) !== null) field.removeAttribute("aria-invalid");
    }
    for (const slider of all(`.slider[data-input="${index}"]`)) {
      if (slider !== source) slider.value = value === undefined ? 0 : position(value);
      slider.setAttribute("aria-valuetext", value === undefined ? "not set" : `${value}`);
    }
    for (const reset of all(`[data-reset="${index}"]`)) reset.hidden = state.values[index] === null;
    for (const button of all(`button[data-input="${index}"]`)) {
      button.setAttribute("aria-pressed", `${value !== undefined && button.dataset.value === `${value}`}`);
    }
    for (const hint of all(`[data-hint="${index}"]`)) hint.textContent = data.kernels[kernel].hints[index] ?? "";
  });
};

const showSteps = (kernel) => {
  const inputs = inputsOf(kernel);
  const root = by(data.kernels[kernel].slug);
  for (const output of all("output[data-step]", root)) {
    const step = data.kernels[kernel].steps[Number(output.dataset.step)];
    const value = step ? programs[kernel].evaluate(step.node, inputs) : undefined;
    const isKnown = typeof value === "bigint";
    output.hidden = !isKnown;
    output.textContent = !isKnown ? "" : step.isTruth ? (value === 0n ? "false" : "true") : `${value}`;
  }
  const limit = data.kernels[kernel].limits.find((candidate) => {
    const bound = programs[kernel].evaluate(candidate.limit, inputs);
    const free = programs[kernel].evaluate(candidate.other, inputs);
    if (typeof bound !== "bigint" || typeof free !== "bigint") return false;
    return candidate.isMinimum ? bound < free : bound > free;
  });
  for (const step of all(".step.decides", root)) step.classList.remove("decides");
  const note = by("decided");
  note.replaceChildren();
  if (limit) {
    const step = by(limit.anchor);
    if (step) step.classList.add("decides");
    note.append(`${limit.isMinimum ? "Capped" : "Raised"} by `, Object.assign(document.createElement("code"), { textContent: limit.name }), " at ");
    note.append(Object.assign(document.createElement("a"), { textContent: limit.place, href: `#${limit.anchor}` }));
  } else if (data.kernels[kernel].limits.length > 0) {
    note.textContent = "No limit on the way changes this number.";
  }
  note.hidden = note.textContent === "";
};

// The walkthrough's sentence with the numbers of these inputs.
const showAnswer = (kernel, outcomes) => {
  const pieces = data.kernels[kernel].answer;
  by("answer").textContent = pieces.map((piece) => {
    if (piece.text !== undefined) return piece.text;
    if (piece.result !== undefined) return words(kernel, outcomes[piece.result]).text;
    return `${valueOf(kernel, piece.input) ?? "?"}`;
  }).join("");
};

const quick = by("quick-results");
data.results.forEach((result, index) => {
  const place = document.createElement("span");
  place.className = "quick-result";
  place.append(result.id, Object.assign(document.createElement("output"), { textContent: "–" }));
  place.lastChild.dataset.result = `${index}`;
  quick.append(place);
});

// MARK: Curves

const curves = all("[data-chart]").map((place, index) =>
  new Curve(place, `${data.results[index].title}, over ${data.inputs[0].label}, one line for the kernels that agree`, data.kernels));

const drawCurves = () => {
  const input = data.inputs[0];
  const known = data.inputs.flatMap((_, index) => data.kernels.map((__, kernel) => valueOf(kernel, index) ?? 0n));
  let high = 131072n;
  for (const value of known) while (high < 4n * value) high *= 2n;
  if (state.values[0] > high) high = state.values[0];
  const low = BigInt(input.minimum) < 0n ? -8n : 0n;
  const telling = data.kernels.flatMap((_, kernel) => data.inputs.slice(1).map((__, index) => valueOf(kernel, index + 1)))
    .filter((value) => value !== undefined);
  const numbers = sampled(low, limited(high, 0), telling);
  const lines = data.kernels.map((_, kernel) => {
    const known = new Map();
    const at = (number) => {
      if (!known.has(number)) known.set(number, outcomesOf(kernel, number));
      return known.get(number);
    };
    return { at, numbers };
  });
  curves.forEach((curve, result) => {
    const ofResult = lines.map(({ at, numbers }) => refined(numbers, (number) => at(number)[result] ?? {}));
    curve.draw(ofResult, telling);
  });
  show(document.activeElement);
};

let drawing = 0;
const drawSoon = () => {
  clearTimeout(drawing);
  drawing = setTimeout(drawCurves, 80);
};

// MARK: Setting

const set = (input, number, source) => {
  const before = state.values[0];
  state.values[input] = number === null ? null : wrapped(number, data.inputs[input].width, data.inputs[input].isSigned);
  show(source);
  if (input !== 0 || state.values[0] > before) drawSoon();
};

for (const field of all(".number")) {
  field.addEventListener("input", () => {
    const number = parsed(field.value);
    if (number === null) field.setAttribute("aria-invalid", "true");
    else set(Number(field.dataset.input), number, field);
  });
  field.addEventListener("change", () => show());
  field.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
    const number = parsed(field.value);
    if (number === null) return;
    event.preventDefault();
    set(Number(field.dataset.input), number + (event.key === "ArrowUp" ? 1n : -1n));
  });
}
for (const slider of all(".slider")) {
  const input = Number(slider.dataset.input);
  const { minimum, maximum, isTracked } = data.inputs[input];
  // Of the negative numbers a few are enough: the field takes every one.
  slider.min = isTracked ? Math.max(position(BigInt(minimum)), -17) : position(BigInt(minimum));
  slider.max = position(BigInt(maximum));
  slider.addEventListener("input", () => set(input, limited(numberAt(Number(slider.value)), input), slider));
}
for (const button of all("button[data-value]")) {
  button.addEventListener("click", () => set(Number(button.dataset.input), BigInt(button.dataset.value)));
}
for (const reset of all("[data-reset]")) reset.addEventListener("click", () => set(Number(reset.dataset.reset), null));
by("inputs").addEventListener("submit", (event) => event.preventDefault());

// MARK: Kernels

const switchTo = (kernel, keepsPlace = true) => {
  if (kernel === state.kernel || !data.kernels[kernel]) return;
  const before = state.kernel;
  const mark = keepsPlace ? landmark(before) : null;
  state.kernel = kernel;
  for (const element of all("[data-kernel]")) element.hidden = element.dataset.kernel !== `${kernel}`;
  for (const radio of all('input[name="kernel"]')) radio.checked = radio.value === `${kernel}`;
  showDifference(before, kernel);
  tellSwitch(before, kernel);
  show();
  watch();
  stick();
  if (mark) {
    const twin = by(`${data.kernels[kernel].slug}/${mark.name}`);
    if (twin) window.scrollBy({ top: twin.getBoundingClientRect().top - mark.top, behavior: "instant" });
  }
  if (!by(`${data.kernels[kernel].slug}/${placeName}`)) placeName = "";
  writeAddress();
};

// What is being read: the first annotation or function in view.
const landmark = (kernel) => {
  const bar = 80;
  for (const element of all(".note, .frame", by(data.kernels[kernel].slug))) {
    const { top, bottom } = element.getBoundingClientRect();
    if (bottom > bar && top < window.innerHeight && top > bar - 400) {
      return { name: element.id.slice(element.id.indexOf("/") + 1), top };
    }
  }
  return null;
};

const tellSwitch = (before, kernel) => {
  const from = data.kernels[before];
  const to = data.kernels[kernel];
  const changed = data.results.filter((_, index) => {
    const [old, now] = [from.results[index], to.results[index]];
    return (old?.era ?? old?.formula) !== (now?.era ?? now?.formula);
  });
  const note = by("switched");
  note.replaceChildren();
  const meaning = changed.length === 0 ? "every result means the same" : `changed in meaning: ${changed.map((result) => result.id).join(", ")}`;
  note.append(`From Linux ${from.version} to ${to.version}: ${meaning}. `);
  if (by("differences")) note.append(Object.assign(document.createElement("a"), { textContent: "What moved", href: "#differences" }));
};

const showDifference = (from, to) => {
  if (!by("from") || from === to) return;
  const pair = `${Math.min(from, to)}-${Math.max(from, to)}`;
  const shown = all("[data-pair]").filter((element) => element.dataset.pair === pair);
  if (shown.length === 0) return;
  for (const element of all("[data-pair]")) element.hidden = element.dataset.pair !== pair;
  by("from").value = `${Math.min(from, to)}`;
  by("to").value = `${Math.max(from, to)}`;
};

for (const radio of all('input[name="kernel"]')) {
  radio.addEventListener("change", () => switchTo(Number(radio.value)));
}
for (const choice of [by("from"), by("to")].filter(Boolean)) {
  choice.addEventListener("change", () => {
    const [from, to] = [Number(by("from").value), Number(by("to").value)];
    if (from !== to) showDifference(from, to);
  });
}
if (by("to")) by("to").value = "1";

// MARK: Places

// The address holds all that is set: #6.12/clamp?backlog=511&net.core.somaxconn=128
let placeName = "";
let isReady = false;

const address = (name = placeName) => {
  const set = data.inputs.flatMap((input, index) => {
    const value = state.values[index];
    if (value === null || (input.isTracked && `${value}` === input.start)) return [];
    return [`${encodeURIComponent(input.label)}=${value}`];
  });
  if (!name && set.length === 0 && state.kernel === 0) return "";
  return `#${data.kernels[state.kernel].slug}/${name}${set.length > 0 ? `?${set.join("&")}` : ""}`;
};

const writeAddress = () => {
  if (!isReady || location.hash === address()) return;
  history.replaceState(null, "", address() || location.pathname + location.search);
};

const readAddress = (hash) => {
  const [path, query] = decodeURI(hash.slice(1)).split("?");
  for (const part of (query ?? "").split("&")) {
    const [label, text] = part.split("=");
    const index = data.inputs.findIndex((input) => input.label === decodeURIComponent(label));
    const number = index < 0 ? null : parsed(text ?? "");
    if (number !== null) state.values[index] = wrapped(number, data.inputs[index].width, data.inputs[index].isSigned);
  }
  return path;
};

// Where an element is meant to be: right under the bar.
const aim = (element) => {
  const wanted = by("quick-number").closest(".bar").getBoundingClientRect().height + 16;
  window.scrollTo({ top: window.scrollY + element.getBoundingClientRect().top - wanted, behavior: "instant" });
};

const light = (note) => {
  for (const old of all(".l.lit")) old.classList.remove("lit");
  const [first, last] = (note?.dataset.lines ?? "").split("-").map(Number);
  const frame = note?.closest(".frame");
  if (!frame || !last) return;
  for (const line of all(".l", frame)) {
    line.classList.toggle("lit", Number(line.dataset.n) >= first && Number(line.dataset.n) <= last);
  }
};

const target = (path) => {
  if (!path) return null;
  const order = [state.kernel, ...data.kernels.keys()];
  return by(path) ?? order.map((kernel) => by(`${data.kernels[kernel].slug}/${path}`)).find(Boolean) ?? null;
};

const goTo = (hash) => {
  const path = readAddress(hash);
  const [slug, ...rest] = path.split("/");
  const kernel = data.kernels.findIndex((one) => one.slug === slug);
  if (kernel >= 0) switchTo(kernel, false);
  const element = kernel >= 0 && rest.join("/") === "" ? null : target(path);
  if (!element) return null;
  const home = element.closest("[data-kernel]");
  if (home) switchTo(Number(home.dataset.kernel), false);
  for (const closed of all("details")) if (closed.contains(element)) closed.open = true;
  for (const old of all(".aimed")) old.classList.remove("aimed");
  element.classList.add("aimed");
  light(element.matches(".note") ? element : null);
  placeName = home && element.id.includes("/") ? element.id.slice(element.id.indexOf("/") + 1) : element.id;
  aim(element);
  return element;
};
window.addEventListener("hashchange", () => {
  goTo(location.hash);
  drawCurves();
});

for (const note of all(".note")) {
  note.addEventListener("pointerenter", () => light(note));
  note.addEventListener("pointerleave", () => light(document.querySelector(".note.aimed")));
}

for (const button of all(".copy")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const name = button.dataset.copy.slice(button.dataset.copy.indexOf("/") + 1);
    const url = location.href.split("#")[0] + address(name);
    try {
      await navigator.clipboard.writeText(url);
      button.textContent = "copied";
    } catch {
      // Where nothing may be copied, the address bar has it.
      history.replaceState(null, "", url);
      button.textContent = "in the address bar";
    }
    setTimeout(() => { button.textContent = "copy link"; }, 1500);
  });
}

// Where there is no room beside the code, a note stands under the last of its lines; what has none stays below.
const narrow = window.matchMedia("(max-width: 75rem)");
const homes = new Map(all(".note").map((note) => [note, note.parentElement]));
const lineOf = (note) => {
  const last = Number((note.dataset.lines ?? "").split("-")[1]);
  const line = last ? note.closest(".frame").querySelector(`.l[data-n="${last}"]`) : null;
  return line?.closest("details.gap") ?? line;
};
const placeNotes = () => {
  const ends = new Map();
  for (const [note, home] of homes) {
    const line = narrow.matches ? lineOf(note) : null;
    if (!line) {
      home.append(note);
      continue;
    }
    let after = ends.get(line) ?? line;
    while (!ends.has(line) && after.nextElementSibling?.matches(".step")) after = after.nextElementSibling;
    after.after(note);
    ends.set(line, note);
  }
};
narrow.addEventListener("change", () => {
  placeNotes();
  stick();
});

// What is taller than the window sticks by its end, so that all of it can be read.
const stick = () => {
  const bar = by("quick-number").closest(".bar").getBoundingClientRect().height;
  document.documentElement.style.setProperty("--bar", `${bar}px`);
  for (const block of all(".source, .row > .notes", by(data.kernels[state.kernel].slug))) {
    const height = block.getBoundingClientRect().height;
    block.style.setProperty("--stick", `${Math.min(bar + 13, window.innerHeight - height - 16)}px`);
  }
};
window.addEventListener("resize", stick);

const steps = () => all(".step", by(data.kernels[state.kernel].slug)).filter((step) => step.offsetParent !== null);

const stepBy = (count) => {
  const list = steps();
  if (list.length === 0) return;
  const current = list.findIndex((step) => step.classList.contains("current"));
  let next = current + count;
  if (current < 0) {
    const below = list.findIndex((step) => step.getBoundingClientRect().top > 90);
    next = count > 0 ? (below < 0 ? 0 : below) : Math.max(0, below - 1);
  }
  const step = list[Math.min(Math.max(next, 0), list.length - 1)];
  for (const old of all(".step.current")) old.classList.remove("current");
  step.classList.add("current");
  placeName = step.id.slice(step.id.indexOf("/") + 1);
  writeAddress();
  step.focus({ preventScroll: true });
  step.scrollIntoView({ block: "center" });
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input[type=text], select, textarea")) return;
  const count = data.kernels.length;
  const actions = {
    j: () => stepBy(1),
    k: () => stepBy(-1),
    "]": () => switchTo((state.kernel + 1) % count),
    "[": () => switchTo((state.kernel + count - 1) % count),
    t: () => by("theme").click(),
  };
  if (!actions[event.key]) return;
  event.preventDefault();
  actions[event.key]();
});

// The function in view is marked on the map.
let observer = null;
const watch = () => {
  if (observer) observer.disconnect();
  const root = by(data.kernels[state.kernel].slug);
  observer = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      for (const link of all(".map a", root)) {
        if (link.getAttribute("href") !== `#${target.id}`) continue;
        if (isIntersecting) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
      }
    }
  }, { rootMargin: "-25% 0px -60% 0px" });
  for (const frame of all(".frame", root)) observer.observe(frame);
};

// MARK: Colours

const themes = ["system", "light", "dark"];
const paint = (theme) => {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  by("theme").setAttribute("aria-label", `Colours: ${theme === "system" ? "as the system" : theme}`);
  by("theme").firstElementChild.textContent = { system: "◐", light: "☀", dark: "☾" }[theme];
};
let theme = "system";
try {
  theme = localStorage.getItem("walker-theme") ?? "system";
} catch {
  // A page from a file may have no storage.
}
if (!themes.includes(theme)) theme = "system";
paint(theme);
by("theme").addEventListener("click", () => {
  theme = themes[(themes.indexOf(theme) + 1) % themes.length];
  paint(theme);
  try {
    localStorage.setItem("walker-theme", theme);
  } catch {
    // Then it is chosen anew next time.
  }
});

// MARK: Beginning

const begin = () => {
  placeNotes();
  stick();
  const element = goTo(location.hash);
  isReady = true;
  show();
  watch();
  requestAnimationFrame(() => setTimeout(() => {
    drawCurves();
    stick();
    if (!element) return;
    // What was drawn or loaded meanwhile may have moved the place; a reader who has scrolled is left alone.
    let left = 12;
    const stop = () => { left = 0; };
    for (const kind of ["wheel", "touchstart", "keydown", "pointerdown"]) addEventListener(kind, stop, { once: true });
    const settle = () => {
      if (left-- <= 0) return;
      aim(element);
      requestAnimationFrame(settle);
    };
    settle();
    addEventListener("load", () => aim(element), { once: true });
  }, 0));
};
if ("scrollRestoration" in history && location.hash) history.scrollRestoration = "manual";
begin();
