"use strict";

// The arithmetic of C, on the program that walker made from its own expressions.
//
// A program is a list of nodes, operands first: [operator, width, isSigned, operand…]. A value is a BigInt, the number
// that C sees in the node's type, or a NoValue where C gives none.

class NoValue {
  constructor(why, input) {
    this.why = why;
    this.input = input;
  }
}

const wrapped = (number, width, isSigned) =>
  isSigned ? BigInt.asIntN(width, number) : BigInt.asUintN(width, number);

const smallest = (width, isSigned) => (isSigned ? -(1n << BigInt(width - 1)) : 0n);
const largest = (width, isSigned) => (1n << BigInt(isSigned ? width - 1 : width)) - 1n;

const bitLength = (bits) => (bits === 0n ? 0n : BigInt(bits.toString(2).length));

const divide = (left, right, width, isSigned, quotient) => {
  if (right === 0n) return new NoValue("C gives no value: division by zero");
  if (isSigned && right === -1n && left === smallest(width, true)) {
    return new NoValue("C gives no value: the smallest number divided by -1");
  }
  return quotient ? left / right : left % right;
};

const shift = (left, amount, width, isLeft) => {
  if (amount < 0n || amount >= BigInt(width)) {
    return new NoValue(`C gives no value: a ${width}-bit number shifted by ${amount}`);
  }
  return isLeft ? left << amount : left >> amount;
};

const binary = {
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  divide: (a, b, width, isSigned) => divide(a, b, width, isSigned, true),
  remainder: (a, b, width, isSigned) => divide(a, b, width, isSigned, false),
  shiftLeft: (a, b, width) => shift(a, b, width, true),
  shiftRight: (a, b, width) => shift(a, b, width, false),
  and: (a, b) => a & b,
  or: (a, b) => a | b,
  xor: (a, b) => a ^ b,
  minimum: (a, b) => (a < b ? a : b),
  maximum: (a, b) => (a < b ? b : a),
  equal: (a, b) => (a === b ? 1n : 0n),
  notEqual: (a, b) => (a === b ? 0n : 1n),
  less: (a, b) => (a < b ? 1n : 0n),
  lessOrEqual: (a, b) => (a <= b ? 1n : 0n),
  greater: (a, b) => (a > b ? 1n : 0n),
  greaterOrEqual: (a, b) => (a >= b ? 1n : 0n),
};

const swappedBytes = (bits, width) => {
  let swapped = 0n;
  for (let byte = 0; byte < width / 8; byte += 1) {
    swapped = (swapped << 8n) | ((bits >> BigInt(8 * byte)) & 0xffn);
  }
  return swapped;
};

// On the operand's bits, counted without a sign.
const primitives = {
  fls: bitLength,
  fls64: bitLength,
  ffs: (bits) => (bits === 0n ? 0n : bitLength(bits & -bits)),
  ffs64: (bits) => (bits === 0n ? 0n : bitLength(bits & -bits)),
  hweight32: (bits) => BigInt(bits.toString(2).replaceAll("0", "").length),
  hweight64: (bits) => BigInt(bits.toString(2).replaceAll("0", "").length),
  byteSwap: swappedBytes,
  roundup_pow_of_two: (bits) => {
    const places = bitLength(BigInt.asUintN(64, bits - 1n));
    return places >= 64n ? 0n : 1n << places;
  },
  ilog2: (bits) => bitLength(bits) - 1n,
};

class Program {
  constructor(nodes) {
    this.nodes = nodes;
    this.orders = new Map();
  }

  // The nodes that a root needs, operands first.
  order(root) {
    const known = this.orders.get(root);
    if (known) return known;
    const needed = new Set([root]);
    for (let index = root; index >= 0; index -= 1) {
      if (needed.has(index)) for (const operand of this.operands(index)) needed.add(operand);
    }
    const order = [...needed].sort((a, b) => a - b);
    this.orders.set(root, order);
    return order;
  }

  operands(index) {
    const node = this.nodes[index];
    return node[0] === "constant" || node[0] === "input" ? [] : node.slice(3);
  }

  // `inputs` holds a BigInt for each input's number in the program, or undefined where none is known.
  evaluate(root, inputs) {
    const values = [];
    for (const index of this.order(root)) values[index] = this.value(index, values, inputs);
    return values[root];
  }

  value(index, values, inputs) {
    const [operator, width, isSigned, a, b, c] = this.nodes[index];
    switch (operator) {
      case "constant":
        return wrapped(BigInt(a), width, isSigned);
      case "input": {
        const given = inputs[a];
        return given === undefined ? new NoValue("not known", a) : wrapped(given, width, isSigned);
      }
      case "select": {
        const condition = values[a];
        if (condition instanceof NoValue) return condition;
        return condition === 0n ? values[c] : values[b];
      }
      default:
    }
    const left = values[a];
    if (width === 1 && (operator === "and" || operator === "or")) {
      return this.logical(operator, left, values[b]);
    }
    if (left instanceof NoValue) return left;
    if (b !== undefined) {
      const right = values[b];
      if (right instanceof NoValue) return right;
      const result = binary[operator](left, right, width, isSigned);
      return result instanceof NoValue ? result : wrapped(result, width, isSigned);
    }
    if (operator === "convert") return width === 1 ? (left === 0n ? 0n : 1n) : wrapped(left, width, isSigned);
    if (operator === "negate") return wrapped(-left, width, isSigned);
    if (operator === "complement") return width === 1 ? 1n - left : wrapped(~left, width, isSigned);
    const operandWidth = this.nodes[a][1];
    return wrapped(primitives[operator](BigInt.asUintN(operandWidth, left), operandWidth), width, isSigned);
  }

  // One operand can decide, even where the other has no value.
  logical(operator, left, right) {
    const deciding = operator === "and" ? 0n : 1n;
    if (left === deciding || right === deciding) return deciding;
    return left instanceof NoValue ? left : right;
  }

  // The smallest counter for which a test is true, null where there is none, or a NoValue. Exact: an interval over which
  // the test is decided is taken or left whole, any other is halved, the lower half first.
  first(test, counter, inputs) {
    let budget = 20000;
    const others = [...inputs];
    others[counter.input] = undefined;
    const fixed = [];
    for (const index of this.order(test)) fixed[index] = this.value(index, fixed, others);
    const search = (low, high) => {
      budget -= 1;
      if (budget <= 0) return new NoValue("the test changes too often to find where it first is true");
      if (low === high) {
        const value = this.evaluate(test, Object.assign([...inputs], { [counter.input]: low }));
        if (value instanceof NoValue) return value;
        return value === 0n ? null : low;
      }
      const [least, most] = this.range(test, fixed, counter.input, [low, high]);
      if (most === 0n) return null;
      if (least === 1n) return low;
      const middle = (low + high) >> 1n;
      const found = search(low, middle);
      return found === null ? search(middle + 1n, high) : found;
    };
    return search(0n, largest(counter.width, false));
  }

  // Between which numbers a node is while the counter is within an interval; `fixed` holds what does not hang on it.
  range(root, fixed, counter, interval) {
    const ranges = [];
    for (const index of this.order(root)) {
      const value = fixed[index];
      ranges[index] = typeof value === "bigint" ? [value, value] : this.ownRange(index, ranges, counter, interval);
    }
    return ranges[root];
  }

  ownRange(index, ranges, counter, interval) {
    const [operator, width, isSigned, a, b, c] = this.nodes[index];
    const all = [smallest(width, isSigned), largest(width, isSigned)];
    const within = (low, high) => (low >= all[0] && high <= all[1] ? [low, high] : all);
    if (operator === "input" && a === counter) {
      if (interval[0] > all[1]) return [wrapped(interval[0], width, isSigned), wrapped(interval[1], width, isSigned)];
      return within(interval[0], interval[1]);
    }
    if (operator === "constant" || operator === "input") return all;
    const [x, y] = [ranges[a], ranges[b]];
    switch (operator) {
      case "convert":
        if (width !== 1) return within(x[0], x[1]);
        if (x[0] > 0n || x[1] < 0n) return [1n, 1n];
        return x[0] === 0n && x[1] === 0n ? [0n, 0n] : all;
      case "complement":
        return width === 1 ? [1n - x[1], 1n - x[0]] : all;
      case "select":
        if (x[0] === 1n) return ranges[b];
        if (x[1] === 0n) return ranges[c];
        return [binary.minimum(ranges[b][0], ranges[c][0]), binary.maximum(ranges[b][1], ranges[c][1])];
      case "add":
        return within(x[0] + y[0], x[1] + y[1]);
      case "subtract":
        return within(x[0] - y[1], x[1] - y[0]);
      case "minimum":
      case "maximum":
        return [binary[operator](x[0], y[0]), binary[operator](x[1], y[1])];
      case "and":
        if (width === 1) return [x[0] & y[0], x[1] & y[1]];
        return x[0] >= 0n && y[0] >= 0n ? [0n, binary.minimum(x[1], y[1])] : all;
      case "or":
        return width === 1 ? [x[0] | y[0], x[1] | y[1]] : all;
      case "shiftRight":
        return y[0] === y[1] && y[0] >= 0n && y[0] < BigInt(width) ? [x[0] >> y[0], x[1] >> y[0]] : all;
      case "equal":
      case "notEqual": {
        const isEqual = operator === "equal";
        if (x[1] < y[0] || y[1] < x[0]) return isEqual ? [0n, 0n] : [1n, 1n];
        if (x[0] === x[1] && y[0] === y[1]) return isEqual ? [1n, 1n] : [0n, 0n];
        return all;
      }
      case "less":
      case "lessOrEqual":
      case "greater":
      case "greaterOrEqual": {
        const compare = binary[operator];
        const isLess = operator.startsWith("less");
        const surely = isLess ? compare(x[1], y[0]) : compare(x[0], y[1]);
        const possibly = isLess ? compare(x[0], y[1]) : compare(x[1], y[0]);
        return [surely, possibly];
      }
      default:
        return all;
    }
  }
}

// What a result comes to: {number}, {never}, {notReached}, or {why}. Where it is not known whether the value gets there at
// all, `given` says why, and the rest is what it comes to if it does.
const outcome = (program, result, inputs) => {
  if (!result.form) return { why: result.formula };
  const truth = (node) => (node < 0 ? undefined : program.evaluate(node, inputs));
  let given;
  const isUndefined = truth(result.undefined);
  if (isUndefined instanceof NoValue) given = isUndefined;
  else if (isUndefined) return { why: "C gives no value for these inputs" };
  const isReached = truth(result.reached);
  if (isReached instanceof NoValue) given = isReached;
  else if (isReached === 0n) return { notReached: true };
  const isNever = truth(result.never);
  if (isNever instanceof NoValue) return { why: isNever.why, input: isNever.input };
  if (isNever) return { never: true, given };
  const value = result.form === "search"
    ? program.first(result.value, result.counter, inputs)
    : program.evaluate(result.value, inputs);
  if (value === null) return { never: true, given };
  return value instanceof NoValue ? { why: value.why, input: value.input } : { number: value, given };
};
