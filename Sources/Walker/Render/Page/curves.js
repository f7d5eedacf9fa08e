"use strict";

// The curve of each result over the followed number, on axes that grow like a logarithm; kernels that agree everywhere have
// one line, named at its end.

const svgElement = (name, attributes, text) => {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (text !== undefined) element.textContent = text;
  return element;
};

const grown = (number) => {
  const size = Number(number < 0n ? -number : number);
  return (number < 0n ? -1 : 1) * Math.log2(size + 1);
};

const isSame = (a, b) => a.length === b.length
  && a.every(([number, result], index) => number === b[index][0] && result.number === b[index][1].number);

class Curve {
  constructor(place, label, kernels) {
    this.place = place;
    this.label = label;
    this.kernels = kernels;
    this.size = { width: 520, height: 190, left: 76, right: 14, top: 12, bottom: 30 };
  }

  // `lines` holds for each kernel a list of [number, outcome]; `telling` numbers get a tick of their own.
  draw(lines, telling) {
    const numbers = lines.flatMap((line) => line.map(([number]) => number));
    const values = lines.flatMap((line) => line.map(([, result]) => result.number)).filter((value) => value !== undefined);
    if (numbers.length === 0 || values.length === 0) {
      this.place.replaceChildren();
      this.place.textContent = "no curve: the result has no number for these inputs";
      return;
    }
    const least = (list) => list.reduce((a, b) => (a < b ? a : b));
    const most = (list) => list.reduce((a, b) => (a > b ? a : b));
    this.x = [least(numbers), most(numbers)];
    this.y = [least([0n, ...values]), most([1n, ...values])];
    this.telling = telling;
    this.groups = [];
    lines.forEach((line, kernel) => {
      if (!line.some(([, result]) => result.number !== undefined)) return;
      const group = this.groups.find((one) => isSame(one.line, line));
      if (group) group.kernels.push(kernel);
      else this.groups.push({ line, kernels: [kernel] });
    });
    const { width, height } = this.size;
    const svg = svgElement("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": this.label });
    this.axes(svg, values);
    this.groups.forEach((group, index) => {
      // Lines that partly agree run side by side.
      const shift = (index - (this.groups.length - 1) / 2) * 3;
      const hue = `kernel-${group.kernels[0] % 6}`;
      svg.append(svgElement("path", { d: this.path(group.line, shift), class: `curve ${hue}` }));
    });
    this.labels(svg);
    this.marker = svgElement("g", { class: "marker-group" });
    svg.append(this.marker);
    this.place.replaceChildren(svg);
  }

  along(number) {
    const { width, left, right } = this.size;
    const [low, high] = this.x.map(grown);
    return left + ((grown(number) - low) / (high - low || 1)) * (width - left - right);
  }

  above(number) {
    const { height, top, bottom } = this.size;
    const [low, high] = this.y.map(grown);
    return height - bottom - ((grown(number) - low) / (high - low || 1)) * (height - top - bottom);
  }

  // From one number to the next the value jumps where it jumps; only between numbers that were left out a line is drawn.
  path(line, shift) {
    let before = null;
    return line.map(([number, result]) => {
      if (result.number === undefined) {
        before = null;
        return "";
      }
      const [x, y] = [this.along(number), this.above(result.number) + shift];
      // By one at each of the first numbers is a slope on these axes.
      const isSlope = before !== null && number <= 16n && result.number - before.value === 1n;
      const isJump = before !== null && !isSlope && number - before.number === 1n && Math.abs(y - before.y) > 6;
      const point = before === null ? `M${x.toFixed(1)} ${y.toFixed(1)}`
        : isJump ? `H${x.toFixed(1)}V${y.toFixed(1)}` : `L${x.toFixed(1)} ${y.toFixed(1)}`;
      before = { number, y, value: result.number };
      return point;
    }).join("");
  }

  // Which kernels a line is of, in the corner that is free: a limit is met from below.
  labels(svg) {
    const { width, height, right, bottom } = this.size;
    this.groups.forEach((group, index) => {
      const names = group.kernels.map((kernel) => this.kernels[kernel].name).join(", ");
      svg.append(svgElement("text", {
        x: width - right - 6, y: height - bottom - 8 - 14 * (this.groups.length - 1 - index), "text-anchor": "end", class: `curve-label kernel-${group.kernels[0] % 6}`,
      }, names));
    });
  }

  axes(svg, values) {
    const { width, height, left, right, top, bottom } = this.size;
    const powers = [-1n, 0n, 1n, 16n, 256n, 4096n, 65536n, 1n << 20n, 1n << 24n, 1n << 28n, 1n << 31n, 1n << 40n, 1n << 56n];
    const within = (list, [low, high]) => [...new Set(list)].filter((number) => number >= low && number <= high);
    // What tells most is written first, the rest where there is room.
    const placed = [];
    for (const number of within([...this.telling, ...powers], this.x)) {
      const x = this.along(number);
      const half = 4 + 3.4 * `${number}`.length;
      const isFree = placed.every((other) => Math.abs(other.x - x) > other.half + half);
      if (!isFree) continue;
      placed.push({ x, half });
      svg.append(svgElement("line", { x1: x.toFixed(1), x2: x.toFixed(1), y1: top, y2: height - bottom, class: "grid" }));
      const middle = Math.min(Math.max(x, half), width - half).toFixed(1);
      svg.append(svgElement("text", { x: middle, y: height - bottom + 18, class: "tick", "text-anchor": "middle" }, `${number}`));
    }
    const most = values.reduce((a, b) => (a > b ? a : b));
    const least = values.reduce((a, b) => (a < b ? a : b));
    const rows = [];
    for (const number of within([most, least, ...powers], this.y)) {
      const y = this.above(number);
      if (rows.some((other) => Math.abs(other - y) < 13)) continue;
      rows.push(y);
      svg.append(svgElement("line", { x1: left, x2: width - right, y1: y.toFixed(1), y2: y.toFixed(1), class: "grid" }));
      svg.append(svgElement("text", { x: left - 6, y: (y + 4).toFixed(1), class: "tick", "text-anchor": "end" }, `${number}`));
    }
  }

  // Where the number is now, on each line.
  mark(number, outcomes) {
    if (!this.marker) return;
    this.marker.replaceChildren();
    if (number < this.x[0] || number > this.x[1]) return;
    const { height, top, bottom } = this.size;
    const x = this.along(number).toFixed(1);
    this.marker.append(svgElement("line", { x1: x, x2: x, y1: top, y2: height - bottom, class: "here" }));
    this.groups.forEach((group, index) => {
      const result = outcomes[group.kernels[0]];
      if (!result || result.number === undefined || result.number > this.y[1] || result.number < this.y[0]) return;
      const y = this.above(result.number) + (index - (this.groups.length - 1) / 2) * 3;
      this.marker.append(svgElement("circle", { cx: x, cy: y.toFixed(1), r: 4, class: `dot kernel-${group.kernels[0] % 6}` }));
    });
  }
}

// The numbers at which curves are computed: even steps on the axis, and the two sides of every power of two and of every
// telling number.
const sampled = (low, high, telling) => {
  const numbers = new Set([low, high, 0n]);
  const [first, last] = [grown(low), grown(high)];
  for (let step = 0; step <= 160; step += 1) {
    const size = first + ((last - first) * step) / 160;
    const number = BigInt(Math.round(Math.sign(size) * (2 ** Math.abs(size) - 1)));
    numbers.add(number);
  }
  const around = (number) => { for (const side of [-1n, 0n, 1n]) numbers.add(number + side); };
  for (let power = 0n; 1n << power <= high; power += 1n) around(1n << power);
  for (const number of telling) around(number);
  return [...numbers].filter((number) => number >= low && number <= high).sort((a, b) => (a < b ? -1 : 1));
};

// With the two numbers between which the value jumps, where that lies between two samples.
const refined = (numbers, at) => {
  const line = [];
  let budget = 2000;
  const isFar = (a, b) => (a.number === undefined) !== (b.number === undefined)
    || (a.number !== undefined && Math.abs(grown(a.number) - grown(b.number)) > 0.8);
  const add = (low, high) => {
    if (high - low <= 1n || budget <= 0 || !isFar(at(low), at(high))) return;
    budget -= 1;
    const middle = (low + high) / 2n;
    add(low, middle);
    line.push([middle, at(middle)]);
    add(middle, high);
  };
  numbers.forEach((number, index) => {
    if (index > 0) add(numbers[index - 1], number);
    line.push([number, at(number)]);
  });
  return line;
};
