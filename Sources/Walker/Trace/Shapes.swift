internal import WalkerClang
internal import WalkerFormula
internal import WalkerKernel
internal import WalkerModel

/// The compiler's tree of a statement as text: macros expanded, local variables replaced by what is assigned to them,
/// parentheses and implicit conversions left out, comparisons and sums with their operands in one order. Two statements
/// of one shape compute the same from the same; the other way round is not claimed.
final class Shapes {
  private let program: Program
  private let function: Cursor
  /// What is assigned to each local variable.
  private var assigned: [Cursor: [(op: String, given: Cursor)]] = [:]
  private var open: Set<Cursor> = []
  private var known: [Cursor: String] = [:]
  private static let limit = 240

  init(program: Program, function: Cursor) {
    self.program = program
    self.function = function
    collect(function)
  }

  /// A hash. Throws `UserError` when libcrypto can't hash.
  func take(_ cursor: Cursor) throws -> String {
    known = [:]
    return try Digest.of(try shape(cursor))
  }

  private func collect(_ cursor: Cursor) {
    if cursor.kind == .variableDeclaration, let initializer = cursor.initializer {
      assigned[cursor, default: []].append(("=", initializer))
    }
    let children = cursor.children
    if cursor.kind == .compoundAssignment || (cursor.kind == .binaryOperator && cursor.binaryOperator == .assign),
      children.count == 2, let target = variable(children[0])
    {
      assigned[target, default: []].append(("\(cursor.binaryOperator.rawValue)", children[1]))
    }
    if cursor.kind == .call {
      for argument in cursor.arguments {
        if let target = addressed(argument) {
          assigned[target, default: []].append(("by", cursor.children.first ?? cursor))
        }
      }
    }
    if cursor.kind == .unaryOperator, let child = children.first, let target = variable(child),
      [.preIncrement, .preDecrement, .postIncrement, .postDecrement].contains(cursor.unaryOperator)
    {
      assigned[target, default: []].append(("step\(cursor.unaryOperator.rawValue)", child))
    }
    children.forEach(collect)
  }

  private func variable(_ cursor: Cursor) -> Cursor? {
    switch cursor.kind {
    case .parenthesized, .unexposedExpression: cursor.children.last.flatMap(variable)
    case .declarationReference: cursor.referenced.flatMap { $0.kind == .variableDeclaration ? $0 : nil }
    default: nil
    }
  }

  private func addressed(_ cursor: Cursor) -> Cursor? {
    if cursor.kind == .unaryOperator, cursor.unaryOperator == .addressOf {
      return cursor.children.first.flatMap(variable)
    }
    if cursor.kind == .unexposedExpression || cursor.kind == .cast { return cursor.children.last.flatMap(addressed) }
    return nil
  }

  // MARK: - Shapes of expressions

  private func shape(_ cursor: Cursor) throws -> String {
    let text = try spelled(cursor)
    return text.utf8.count > Self.limit ? "#" + (try Digest.of(text)) : text
  }

  private func spelled(_ cursor: Cursor) throws -> String {
    let children = cursor.children
    switch cursor.kind {
    case .parenthesized: return try children.last.map(shape) ?? ""
    case .unexposedExpression: return try unexposed(cursor, children)
    case .cast:
      guard let operand = children.last else { return "" }
      let inner = try shape(operand)
      return cursor.type.integer.map { "(\($0.name)) \(inner)" } ?? inner
    case .integerLiteral, .characterLiteral, .sizeOperator:
      return cursor.evaluatedInteger().map(String.init) ?? program.text(cursor)
    case .declarationReference: return try reference(cursor)
    case .memberAccess: return try member(cursor, children)
    case .unaryOperator: return try unary(cursor, children)
    case .binaryOperator: return try binary(cursor, children, negated: false)
    case .statementExpression:
      guard let last = children.first?.children.last else { return "" }
      return try shape(last)
    case .call: return try call(cursor, children)
    case .variableDeclaration:
      return "=\(typeName(cursor.type))(\(try cursor.initializer.map(shape) ?? ""))"
    case .returnStatement: return "return(\(try children.first.map(shape) ?? ""))"
    default:
      let op = cursor.kind == .compoundAssignment ? ".\(cursor.binaryOperator.rawValue)" : ""
      return "\(cursor.kind.rawValue)\(op)(\(try children.map(shape).joined(separator: ",")))"
    }
  }

  private func unexposed(_ cursor: Cursor, _ children: [Cursor]) throws -> String {
    let expressions = children.filter { $0.kind.isExpression }
    if expressions.count == 1 { return try shape(expressions[0]) }
    if expressions.isEmpty, let number = cursor.evaluatedInteger() { return String(number) }
    return "u(\(try expressions.map(shape).joined(separator: ",")))"
  }

  private func reference(_ cursor: Cursor) throws -> String {
    guard let declaration = cursor.referenced else { return cursor.spelling }
    switch declaration.kind {
    case .enumConstant:
      return String(Int64(bitPattern: declaration.enumConstantBits))
    case .functionDeclaration: return declaration.spelling
    case .parameterDeclaration:
      let position = function.arguments.firstIndex(of: declaration)
      return "argument\(position.map { String($0 + 1) } ?? "")"
    default: return try variableShape(declaration)
    }
  }

  private func variableShape(_ declaration: Cursor) throws -> String {
    if declaration.isAtFileScope || declaration.isExtern || declaration.isStatic {
      return declaration.spelling
    }
    if let made = known[declaration] { return made }
    guard open.count < 12, open.insert(declaration).inserted else { return "itself" }
    defer { open.remove(declaration) }
    let parts = try (assigned[declaration] ?? []).map { "\($0.op)\(try shape($0.given))" }
    // A macro's own temporary is what it is given.
    if parts.count == 1, declaration.isFromMacro, let only = assigned[declaration]?.first, only.op == "=" {
      let text = "\(conversion(only.given.type, declaration.type))\(try shape(only.given))"
      known[declaration] = text
      return text
    }
    let text = "local \(typeName(declaration.type)){\(Set(parts).sorted().joined(separator: ";"))}"
    known[declaration] = text
    return text
  }

  private func conversion(_ from: CType, _ to: CType) -> String {
    guard let source = from.integer, let target = to.integer, source != target else { return "" }
    return "(\(target.name)) "
  }

  private func member(_ cursor: Cursor, _ children: [Cursor]) throws -> String {
    let base = try children.first.map(shape) ?? ""
    guard let field = cursor.referenced, !field.spelling.isEmpty, !field.spelling.contains("(") else { return base }
    let type = children.first?.type
    let record = (type?.isPointer ?? false ? type?.pointee : type).flatMap(record) ?? "record"
    return "\(record).\(field.spelling) \(typeName(field.type))(\(base))"
  }

  private func unary(_ cursor: Cursor, _ children: [Cursor]) throws -> String {
    guard let operand = children.first else { return "" }
    switch cursor.unaryOperator {
    case .not:
      if let compared = comparison(operand) { return try binary(compared, compared.children, negated: true) }
      return "!(\(try shape(operand)))"
    // `*&x` is `x`: volatile accesses are written so.
    case .dereference:
      let inner = try shape(operand)
      return inner.hasPrefix("&") ? String(inner.dropFirst()) : "*(\(inner))"
    case .addressOf:
      let inner = try shape(operand)
      return inner.hasPrefix("*(") && inner.hasSuffix(")") ? String(inner.dropFirst(2).dropLast()) : "&" + inner
    case .extension_, .plus: return try shape(operand)
    default:
      if let number = cursor.evaluatedInteger() { return String(number) }
      return "\(cursor.unaryOperator.rawValue)(\(try shape(operand)))"
    }
  }

  private func comparison(_ cursor: Cursor) -> Cursor? {
    switch cursor.kind {
    case .parenthesized: cursor.children.last.flatMap(comparison)
    case .unexposedExpression where cursor.children.count == 1: cursor.children.first.flatMap(comparison)
    case .binaryOperator where Machine.comparisons[cursor.binaryOperator] != nil: cursor
    default: nil
    }
  }

  private func binary(_ cursor: Cursor, _ children: [Cursor], negated: Bool) throws -> String {
    guard children.count == 2 else { return "" }
    let (left, right) = (try shape(children[0]), try shape(children[1]))
    let kind = cursor.binaryOperator
    if kind == .assign { return "=\(typeName(children[0].type))(\(left),\(right))" }
    if kind == .comma { return right }
    if let found = Machine.comparisons[kind] {
      let op = negated ? found.inverse : found
      let sign = children[0].type.integer.map { "\($0.width)\($0.isSigned ? "s" : "u")" } ?? ""
      switch op {
      case .equal, .notEqual:
        return "\(op == .equal ? "==" : "!=")(\([left, right].sorted().joined(separator: ",")))"
      case .less: return "<\(sign)(\(left),\(right))"
      case .greater: return "<\(sign)(\(right),\(left))"
      case .lessOrEqual: return "<=\(sign)(\(left),\(right))"
      case .greaterOrEqual: return "<=\(sign)(\(right),\(left))"
      }
    }
    let type = typeName(cursor.type)
    let isCommutative: Bool = [.add, .multiply, .and, .or, .xor].contains(kind)
    let operands = isCommutative ? [left, right].sorted() : [left, right]
    return "\(kind.rawValue)\(type)(\(operands.joined(separator: ",")))"
  }

  private func call(_ cursor: Cursor, _ children: [Cursor]) throws -> String {
    let arguments = cursor.arguments
    guard let callee = cursor.referenced, callee.kind == .functionDeclaration else {
      return "call(\(try children.map(shape).joined(separator: ",")))"
    }
    let name = callee.spelling
    if name == "__builtin_expect", let first = arguments.first { return try shape(first) }
    return "\(name)(\(try arguments.map(shape).joined(separator: ",")))"
  }

  private func typeName(_ type: CType) -> String {
    if let integer = type.integer { return integer.name }
    if type.isPointer { return record(type.pointee).map { $0 + " *" } ?? "pointer" }
    return record(type) ?? (type.isVoid ? "void" : "other")
  }

  /// Clang names a record without a tag by its place in the file.
  private func record(_ type: CType) -> String? {
    guard let name = type.recordName else { return nil }
    return name.contains("(") ? "record" : name
  }
}
