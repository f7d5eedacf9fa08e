"use strict";

// The curve of each result over the followed number, one line a kernel, on axes that grow like a logarithm.

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

const shortNumber = (number) => {
  for (const [unit, name] of [[1n << 30n, "Gi"], [1n << 20n, "Mi"], [1n << 10n, "Ki"]]) {
    if (number >= unit && number % unit === 0n) return `${number / unit}${name}`;
  }
  return `${number}`;
};

class Curve {
  constructor(place, label, kernels) {
    this.place = place;
    this.label = label;
    this.kernels = kernels;
    this.size = { width: 520, height: 190, left: 48, right: 14, top: 12, bottom: 30 };
  }

  // `lines` holds for each kernel a list of [number, outcome].
  draw(lines) {
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
    const { width, height } = this.size;
    const svg = svgElement("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": this.label });
    this.axes(svg);
    lines.forEach((line, kernel) => {
      svg.append(svgElement("path", { d: this.path(line), class: `curve kernel-${kernel % 6}` }));
    });
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

  path(line) {
    let isDown = false;
    return line.map(([number, result]) => {
      if (result.number === undefined) {
        isDown = false;
        return "";
      }
      const point = `${isDown ? "L" : "M"}${this.along(number).toFixed(1)} ${this.above(result.number).toFixed(1)}`;
      isDown = true;
      return point;
    }).join("");
  }

  axes(svg) {
    const { width, height, left, right, top, bottom } = this.size;
    const powers = [-1n, 0n, 1n, 16n, 256n, 4096n, 65536n, 1n << 20n, 1n << 24n, 1n << 28n, 1n << 31n, 1n << 40n, 1n << 56n];
    for (const number of powers.filter((power) => power >= this.x[0] && power <= this.x[1])) {
      const x = this.along(number).toFixed(1);
      svg.append(svgElement("line", { x1: x, x2: x, y1: top, y2: height - bottom, class: "grid" }));
      svg.append(svgElement("text", { x, y: height - bottom + 18, class: "tick", "text-anchor": "middle" }, shortNumber(number)));
    }
    let last = Infinity;
    for (const number of powers.filter((power) => power >= this.y[0] && power <= this.y[1])) {
      const y = this.above(number);
      if (last - y < 14) continue;
      last = y;
      svg.append(svgElement("line", { x1: left, x2: width - right, y1: y.toFixed(1), y2: y.toFixed(1), class: "grid" }));
      svg.append(svgElement("text", { x: left - 8, y: (y + 4).toFixed(1), class: "tick", "text-anchor": "end" }, shortNumber(number)));
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
    outcomes.forEach((result, kernel) => {
      if (!result || result.number === undefined || result.number > this.y[1] || result.number < this.y[0]) return;
      this.marker.append(
        svgElement("circle", { cx: x, cy: this.above(result.number).toFixed(1), r: 4, class: `dot kernel-${kernel % 6}` }));
    });
  }
}

// The numbers at which curves are computed: even steps on the axis, and the two sides of every power of two.
const sampled = (low, high) => {
  const numbers = new Set([low, high, 0n]);
  const [first, last] = [grown(low), grown(high)];
  for (let step = 0; step <= 160; step += 1) {
    const size = first + ((last - first) * step) / 160;
    const number = BigInt(Math.round(Math.sign(size) * (2 ** Math.abs(size) - 1)));
    numbers.add(number);
  }
  for (let power = 0n; 1n << power <= high; power += 1n) for (const side of [-1n, 0n, 1n]) numbers.add((1n << power) + side);
  return [...numbers].filter((number) => number >= low && number <= high).sort((a, b) => (a < b ? -1 : 1));
};
