internal import WalkerClang
internal import WalkerFormula
internal import WalkerModel

/// What an expression of C computes, with its side effects.
extension Machine {
  func value(_ cursor: Cursor) -> Value {
    guard state != nil else { return .none }
    switch cursor.kind {
    case .integerLiteral, .characterLiteral, .sizeOperator:
      if let constant = constant(cursor) { return constant }
      // The length of a type may be computed.
      for length in cursor.children where length.kind.isExpression { _ = value(length) }
      return unknown(cursor)
    case .parenthesized:
      return cursor.children.last.map(value) ?? unknown(cursor)
    case .declarationReference: return referenceValue(cursor)
    case .memberAccess, .subscript_:
      guard let place = place(cursor) else { return unknown(cursor) }
      return load(place, cursor.type, at: cursor)
    case .unaryOperator: return unaryValue(cursor)
    case .binaryOperator: return binaryValue(cursor)
    case .compoundAssignment: return compoundValue(cursor)
    case .conditional: return conditionalValue(cursor)
    case .cast:
      guard let operand = cursor.children.last else { return unknown(cursor) }
      noteCast(of: operand, to: cursor.type)
      return convert(value(operand), to: cursor.type)
    case .unexposedExpression: return unexposedValue(cursor)
    case .statementExpression:
      if let handed = userMacroValue(cursor) { return handed }
      guard let body = cursor.children.first else { return .none }
      return statementValue(body)
    case .call: return callValue(cursor)
    case .genericSelection: return genericValue(cursor)
    case .compoundLiteral, .initializerList:
      let temporary = Place(object: .local(activation.id, fresh("temporary")), text: "")
      clear(temporary, cursor.type)
      initialize(temporary, cursor.type, with: cursor)
      return load(temporary, cursor.type, at: cursor)
    case .stringLiteral:
      return .pointer(Place(object: MemoryObject(name: "g" + cursor.spelling, kind: .literal), text: cursor.spelling))
    default:
      return unknown(cursor)
    }
  }

  func constant(_ cursor: Cursor) -> Value? {
    guard let integer = cursor.type.integer, let number = cursor.evaluatedInteger() else { return nil }
    return .scalar(.constant(number, integer))
  }

  /// Something that is not looked into: a name of its own.
  func unknown(_ cursor: Cursor, named name: String? = nil) -> Value {
    unknown(cursor.type, name: name ?? program.text(cursor), id: fresh("x"))
  }

  /// - Parameters:
  ///   - isArgument: it was made before the walk began.
  ///   - allocates: it is an allocator's.
  func unknown(
    _ type: CType, name: String, id: String, isArgument: Bool = false, allocates: Bool = false
  ) -> Value {
    if type.isVoid { return .none }
    let object =
      isArgument ? MemoryObject.pointee(id) : allocates ? MemoryObject(name: id, kind: .allocation) : .summary(id)
    births[object] = births[object] ?? births.count
    if allocates { allocatedAt[object] = effects.count }
    if type.isRecord { return .aggregate(Place(object: object, text: name)) }
    if let integer = type.integer {
      return .scalar(.input(Input(id: id, name: name, role: .opaque, type: integer)))
    }
    var place = Place(object: object, text: name)
    place.mayBeNull = true
    return .pointer(place)
  }

  func convert(_ value: Value, to type: CType) -> Value {
    if type.isVoid { return .none }
    // Fractions are not followed.
    if type.isFloating {
      return .scalar(.input(Input(id: fresh("float"), name: "a fraction", role: .opaque, type: .u64)))
    }
    if let integer = type.integer {
      switch value {
      case .scalar(let expression): return .scalar(.convert(expression, to: integer))
      case .pointer, .function:
        if integer != .bool { escape(value) }
        return .scalar(.convert(integer == .bool ? truth(value) : number(value), to: integer))
      default: return value
      }
    }
    if type.isPointer, case .scalar(let expression) = value {
      if expression.constantNumber != nil { return value }
      if let place = addressed(expression) { return .pointer(place) }
      if case .input(let input) = expression.kind, input.id.hasPrefix("&") == false {
        return .pointer(Place(object: .summary("int:" + input.id), text: input.name))
      }
      return .pointer(Place(object: .summary(fresh("pointer")), text: "pointer"))
    }
    return value
  }

  private func referenceValue(_ cursor: Cursor) -> Value {
    guard let declaration = cursor.referenced else { return unknown(cursor) }
    switch declaration.kind {
    case .enumConstant:
      return .scalar(.constant(Int128(Int64(bitPattern: declaration.enumConstantBits)), cursor.type.integer ?? .s32))
    case .functionDeclaration:
      return .function(name: declaration.spelling, declaration: declaration)
    default:
      guard let place = place(cursor) else { return unknown(cursor) }
      return declaration.kind == .parameterDeclaration && cursor.type.isArray
        ? loadParameter(place, at: cursor) : load(place, cursor.type, at: cursor)
    }
  }

  /// An array as a parameter is a pointer, of which libclang gives the type that was written.
  private func loadParameter(_ place: Place, at cursor: Cursor) -> Value {
    read(place, Extent(offset: place.offset, width: 64), at: cursor)
      ?? .pointer(Place(object: .summary(fresh("parameter")), text: place.text))
  }

  /// The place that an lvalue names; nil when it can't be followed.
  func place(_ cursor: Cursor) -> Place? {
    switch cursor.kind {
    case .declarationReference:
      guard let declaration = cursor.referenced else { return nil }
      return variable(declaration)
    case .parenthesized: return cursor.children.last.flatMap(place)
    case .memberAccess: return memberPlace(cursor)
    case .subscript_: return elementPlace(cursor)
    case .unaryOperator where cursor.unaryOperator == .dereference:
      guard let operand = cursor.children.first else { return nil }
      return pointed(value(operand), text: "*" + program.text(operand))
    case .unaryOperator where cursor.unaryOperator == .extension_:
      return cursor.children.first.flatMap(place)
    case .unexposedExpression, .cast:
      return cursor.children.last.flatMap { $0.kind.isExpression ? place($0) : nil }
    default:
      return value(cursor).place
    }
  }

  func pointed(_ value: Value, text: String) -> Place? {
    switch value {
    case .pointer(let place), .aggregate(let place): return place
    case .scalar(let expression):
      // Behind NULL there is no memory.
      if expression.constantNumber == 0 { return Place(object: MemoryObject(name: "at:0", kind: .literal), text: text) }
      return Place(
        object: .summary("at:\(expression.constantNumber.map(String.init) ?? fresh("address"))"), text: text)
    default: return nil
    }
  }

  func variable(_ declaration: Cursor) -> Place {
    let name = declaration.spelling
    if declaration.isAtFileScope || declaration.isExtern {
      let file = declaration.isStatic ? program.location(declaration).file + ":" : ""
      return Place(object: .global(file + name), text: name)
    }
    if declaration.isStatic { return Place(object: .global(declaration.usr), text: name) }
    // Variables of nested macros share name and place: what tells them apart is the declaration.
    let number = localNumbers[declaration] ?? localNumbers.count
    localNumbers[declaration] = number
    return Place(object: .local(activation.id, "\(name)@\(number)"), text: name)
  }

  private func memberPlace(_ cursor: Cursor) -> Place? {
    guard let base = cursor.children.first, let field = cursor.referenced else { return nil }
    let isArrow = base.type.isPointer
    let record = isArrow ? base.type.pointee : base.type
    guard let start = isArrow ? pointed(value(base), text: program.text(base)) : place(base) else { return nil }
    let name = field.fieldName
    let offset = name.isEmpty ? field.fieldOffset : (record.offset(ofField: name) ?? field.fieldOffset)
    guard let offset else { return nil }
    layouts.note(record)
    let step = step(name, in: record, at: start)
    let text = start.text.isEmpty ? name : start.text + (isArrow ? "->" : ".") + name
    var place = start.moved(by: offset, text: name.isEmpty ? start.text : text, step: name.isEmpty ? nil : step)
    if name.isEmpty, record.recordName != nil {
      anonymousBases[place] = FieldStep(record: record.recordName ?? "", field: "", base: start.offset)
    }
    if field.isBitField { place.bitWidth = field.bitFieldWidth }
    usedRecords.insert(record.recordName ?? "")
    return place
  }

  /// A member of an anonymous record is one of the record around it.
  private func step(_ name: String, in record: CType, at start: Place) -> FieldStep? {
    if let own = record.recordName { return FieldStep(record: own, field: name, base: start.offset) }
    return anonymousBases[start].map { FieldStep(record: $0.record, field: name, base: $0.base) }
  }

  /// A record that is cast to another one which neither holds nor is held by it may overlap it.
  private func noteCast(of operand: Cursor, to type: CType) {
    guard type.isPointer, let target = type.pointee.recordName else { return }
    layouts.note(type.pointee)
    var inner = operand
    while [.cast, .parenthesized, .unexposedExpression].contains(inner.kind), let next = inner.children.last {
      if let source = inner.type.isPointer ? inner.type.pointee.recordName : nil, source != target { break }
      inner = next
    }
    guard inner.type.isPointer, let source = inner.type.pointee.recordName, source != target else { return }
    layouts.note(inner.type.pointee)
    if layouts.contains(source, in: target) || layouts.contains(target, in: source) { return }
    casts.insert([source, target].sorted())
  }

  /// What an initializer leaves out is zero.
  func clear(_ place: Place, _ type: CType) {
    if let size = type.size, type.isRecord || type.isArray { fill(place, bits: size * 8, with: .filled(0)) }
  }

  private func elementPlace(_ cursor: Cursor) -> Place? {
    // `0[array]` is an element as well.
    let isSwapped = cursor.children.first?.type.integer != nil
    let children = isSwapped ? cursor.children.reversed() : cursor.children
    guard children.count == 2, let base = pointed(value(children[0]), text: program.text(children[0])) else {
      return nil
    }
    let position = number(value(children[1]))
    let bits = (cursor.type.size ?? 1) * 8
    if let number = position.constantNumber, abs(number) < 1 << 32 {
      return base.moved(by: Int(number) * bits, text: "\(base.text)[\(number)]")
    }
    return element(of: base, position, cursor, array: children[0])
  }

  /// An element whose number is not known: a place of its own, which may be any of the array's.
  private func element(of base: Place, _ position: Expression, _ cursor: Cursor, array: Cursor) -> Place {
    let names = position.inputs.map(\.id).sorted().joined(separator: ",")
    let object = MemoryObject(
      name: "\(base.object.name)[\(base.offset),\(position.text),\(names)]",
      kind: base.object.isLocal ? base.object.kind : .element)
    var declared = array
    while declared.kind == .unexposedExpression || declared.kind == .parenthesized, let inner = declared.children.first
    {
      declared = inner
    }
    // Of a pointer nothing says how far what it points to goes on.
    var width = declared.type.isArray ? declared.type.size.map { $0 * 8 } : nil
    // In the walk's own variables what lies beside the array is written by an index past its end.
    let range = position.range
    let size = cursor.type.size ?? 1
    if base.object.isLocal, let all = width, range.lowerBound < 0 || range.upperBound >= Int128(all / 8 / max(size, 1))
    {
      width = nil
    }
    elements[object] = Element(
      array: base.object, area: Extent(offset: base.offset, width: width ?? Element.far),
      width: (cursor.type.size ?? 1) * 8)
    return Place(object: object, text: program.text(cursor), steps: base.steps)
  }

  private func unaryValue(_ cursor: Cursor) -> Value {
    guard let operand = cursor.children.first else { return unknown(cursor) }
    switch cursor.unaryOperator {
    case .addressOf:
      if operand.kind == .declarationReference, operand.referenced?.kind == .functionDeclaration {
        return value(operand)
      }
      guard let place = place(operand) else { return unknown(cursor) }
      return .pointer(place)
    case .dereference:
      let pointer = value(operand)
      if case .function = pointer { return pointer }
      guard let place = pointed(pointer, text: "*" + program.text(operand)) else { return unknown(cursor) }
      return load(place, cursor.type, at: cursor)
    case .minus: return .scalar(.negate(number(convert(value(operand), to: cursor.type))))
    case .complement: return .scalar(.complement(number(convert(value(operand), to: cursor.type))))
    case .not: return .scalar(.convert(.not(truth(value(operand))), to: cursor.type.integer ?? .s32))
    case .plus, .extension_: return value(operand)
    case .preIncrement, .preDecrement, .postIncrement, .postDecrement: return stepValue(cursor, operand)
    default: return unknown(cursor)
    }
  }

  private func stepValue(_ cursor: Cursor, _ operand: Cursor) -> Value {
    guard let place = place(operand) else {
      add(.anything(.alias), "a store to \(program.text(operand)) could not be followed", at: cursor)
      return unknown(cursor)
    }
    let old = load(place, operand.type, at: operand)
    let isUp = cursor.unaryOperator == .preIncrement || cursor.unaryOperator == .postIncrement
    let new: Value
    if case .pointer(let target) = old {
      let bits = (operand.type.pointee.size ?? 1) * 8
      new = .pointer(target.moved(by: isUp ? bits : -bits))
    } else {
      let number = number(old)
      new = .scalar(.binary(isUp ? .add : .subtract, number, .constant(1, number.type)))
    }
    store(new, to: place, operand.type, at: cursor, target: operand)
    let isPrefix = cursor.unaryOperator == .preIncrement || cursor.unaryOperator == .preDecrement
    return isPrefix ? new : old
  }

  private func conditionalValue(_ cursor: Cursor) -> Value {
    let children = cursor.children
    guard children.count == 3 else { return unknown(cursor) }
    let (condition, rests) = resting { self.truth(self.value(children[0])) }
    note(.condition, children[0], "", [condition])
    return choose(condition, rests: rests, at: children[0], { self.value(children[1]) }, { self.value(children[2]) })
  }

  /// One of two values, each computed under its condition.
  func choose(
    _ condition: Expression, rests: Rests, at cursor: Cursor, _ then: () -> Value, _ otherwise: () -> Value
  ) -> Value {
    var (first, second): (Value?, Value?) = (nil, nil)
    let condition = simplify(condition)
    fork(condition, rests: rests, at: cursor, { first = then() }, else: { second = otherwise() })
    guard let first else { return second ?? .none }
    guard let second else { return first }
    return merge(first, second, condition)
  }

  private func unexposedValue(_ cursor: Cursor) -> Value {
    let children = cursor.children
    let expressions = children.filter { $0.kind.isExpression }
    // `va_arg`: what a variable argument is, the list does not tell.
    if expressions.first?.type.isArgumentList == true, !cursor.type.isArgumentList { return unknown(cursor) }
    if expressions.count == 1, children.count == 1 {
      let operand = expressions[0]
      if cursor.type.isPointer, operand.type.isArray { return decayed(operand) }
      return convert(value(operand), to: cursor.type)
    }
    if isAtomic(cursor, expressions) { return atomicValue(cursor, expressions) }
    if let constant = constant(cursor) { return constant }
    // `__builtin_choose_expr(condition, a, b)`: the condition is a constant.
    if expressions.count == 3, let condition = simplify(truth(value(expressions[0]))).constantNumber {
      return value(expressions[condition != 0 ? 1 : 2])
    }
    // `a ?: b`: the first operand stands for the condition and the first arm.
    if expressions.count >= 2, let otherwise = expressions.last {
      let (common, rests) = resting { self.value(expressions[0]) }
      return choose(truth(common), rests: rests, at: expressions[0], { common }, { self.value(otherwise) })
    }
    return expressions.last.map { convert(value($0), to: cursor.type) } ?? unknown(cursor)
  }

  private func decayed(_ operand: Cursor) -> Value {
    if operand.kind == .stringLiteral { return value(operand) }
    if operand.kind == .declarationReference, operand.referenced?.kind == .parameterDeclaration {
      return value(operand)
    }
    return place(operand).map { .pointer($0) } ?? unknown(operand)
  }

  private func genericValue(_ cursor: Cursor) -> Value {
    let wanted = cursor.type.canonical.spelling
    let arms = cursor.children.filter { $0.kind.isExpression }.dropFirst().filter {
      $0.type.canonical.spelling == wanted
    }
    guard let arm = arms.first, Set(arms.map(program.text)).count == 1 else {
      note(Machine.undecidedGeneric(program.location(cursor)))
      return unknown(cursor)
    }
    return value(arm)
  }

  func initialize(_ place: Place, _ type: CType, with list: Cursor) {
    if list.kind == .compoundLiteral {
      if let inner = list.children.last(where: { $0.kind == .initializerList }) { initialize(place, type, with: inner) }
      return
    }
    guard list.kind == .initializerList else {
      let given = value(list)
      // An element is found again by its number, which may not be known.
      if type.isPointer { escape(given) }
      return store(given, to: place, type, at: list, target: nil)
    }
    let fields = type.isRecord ? type.fields : []
    var position = -1
    for child in list.children {
      position += 1
      let names = child.children.filter { $0.kind == .memberReference }.map(\.spelling)
      if type.isArray, let (elements, given) = designated(child) {
        let bits = (type.element.size ?? 1) * 8
        for element in elements { initialize(place.moved(by: element * bits), type.element, with: given) }
        position = elements.last ?? position
      } else if let name = names.last, let offset = type.offset(ofField: name), let given = child.children.last {
        let fieldType = fields.first { $0.spelling == name }?.type ?? given.type
        initialize(place.moved(by: offset, step: step(name, in: type, at: place)), fieldType, with: given)
      } else if type.isArray {
        initialize(place.moved(by: position * (type.element.size ?? 1) * 8), type.element, with: child)
      } else if fields.indices.contains(position), let offset = fields[position].fieldOffset {
        let step = step(fields[position].fieldName, in: type, at: place)
        initialize(place.moved(by: offset, step: step), fields[position].type, with: child)
      }
    }
  }

  /// `[1] = x`, or GNU C's `[1 ... 3] = x`: the elements, and what they are given.
  private func designated(_ child: Cursor) -> (elements: [Int], given: Cursor)? {
    let parts = child.children.filter(\.kind.isExpression)
    guard child.kind == .unexposedExpression, (2...3).contains(parts.count), let given = parts.last,
      program.text(child).hasPrefix("["), let first = parts[0].evaluatedInteger(),
      let last = parts[parts.count - 2].evaluatedInteger(), first <= last, last - first < 1 << 12
    else { return nil }
    return ((Int(first)...Int(last)).map { $0 }, given)
  }

  static func undecidedGeneric(_ location: SourceLocation) -> Finding {
    Finding(
      id: "walker.value.generic-selection", severity: .warning,
      summary: "Which arm of a _Generic selection is taken could not be told; its value is left open.",
      location: location)
  }
}
