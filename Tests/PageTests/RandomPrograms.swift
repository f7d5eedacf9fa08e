import WalkerFormula
import WalkerModel

@testable import WalkerRender

/// Random expressions as the page's programs, with what walker computes for random inputs.
enum RandomPrograms {
  /// All operators but those of wide products, which `RandomExpressions` leaves to the ones added here.
  static var values: [[String: Any]] {
    var random = RandomExpressions(seed: 11)
    var cases: [[String: Any]] = []
    for turn in 0..<600 {
      let type = RandomExpressions.types[turn % RandomExpressions.types.count]
      cases.append(value(random.expression(type, depth: 5), &random))
    }
    for type in RandomExpressions.types where type != .bool {
      for op in [BinaryOperator.multiply, .divide, .remainder, .shiftLeft, .shiftRight] {
        for _ in 0..<4 {
          let (left, right) = (input("x", type), input("y", type))
          cases.append(value(Expression(.binary(op, left, right), type), &random))
        }
      }
    }
    for primitive in Primitive.allCases {
      for operand in primitive == .byteSwap ? [IntegerType.u16, .u32, .u64] : [primitive.operandType(for: .u64)] {
        for _ in 0..<6 {
          let node = Expression(.primitive(primitive, input("x", operand)), primitive.resultType(for: operand))
          cases.append(value(node, &random))
        }
      }
    }
    return cases
  }

  /// Tests over a counter, decided by exact search.
  static var searches: [[String: Any]] {
    var random = RandomExpressions(seed: 23)
    return (0..<150).map { turn in
      let type = [IntegerType.u16, .u32, .s32, .u8][turn % 4]
      let counter = Input(id: "count", name: "count", role: .counter, type: type)
      let bound = random.expression(type, depth: 2)
      let op = random.pick([ComparisonOperator.greater, .greaterOrEqual, .equal, .less, .notEqual])
      let test = Expression(.compare(op, .input(counter), bound), .bool)
      var program = PageProgram()
      let root = program.add(test)
      let position = program.number(of: counter)
      let (inputs, numbers) = given(program.inputs, &random)
      let expected: Any
      do {
        expected = try ThresholdSearch(counter: counter, test: test).first(inputs).map { "\($0)" } ?? "never"
      } catch {
        expected = NSNullValue.null
      }
      return [
        "text": test.text, "nodes": program.plain, "root": root, "inputs": numbers, "expected": expected,
        "counter": ["input": position, "width": type.width],
      ]
    }
  }

  private static func input(_ name: String, _ type: IntegerType) -> Expression {
    .input(Input(id: name, name: name, role: .tracked, type: type))
  }

  private static func value(_ expression: Expression, _ random: inout RandomExpressions) -> [String: Any] {
    var program = PageProgram()
    let root = program.add(expression)
    let (inputs, numbers) = given(program.inputs, &random)
    let expected: Any
    do { expected = "\(try expression.evaluate(inputs))" } catch { expected = NSNullValue.null }
    return ["text": expression.text, "nodes": program.plain, "root": root, "inputs": numbers, "expected": expected]
  }

  private static func given(
    _ inputs: [Input], _ random: inout RandomExpressions
  ) -> (known: [Input: Int128], numbers: [String]) {
    var known: [Input: Int128] = [:]
    var numbers: [String] = []
    for input in inputs {
      let number =
        random.number(below: 3) == 0
        ? random.pick(RandomExpressions.numbers)
        : Int128(random.number(below: 1 << 30)) << Int128(random.number(below: 34))
          * (random.number(below: 2) == 0 ? 1 : -1)
      known[input] = number
      numbers.append("\(number)")
    }
    return (known, numbers)
  }
}
