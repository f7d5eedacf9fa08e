internal import WalkerClang
internal import WalkerFormula
internal import WalkerModel

/// The C library's functions that write memory as bytes, under the names that the kernel and the compiler have for them.
extension Machine {
  static func writesBytes(_ name: String) -> Bool { ["memcpy", "memmove", "memset"].contains(plain(name)) }

  private static func plain(_ name: String) -> String {
    let prefix = ["__builtin_", "__underlying_", "__inline_", "__"].first(where: name.hasPrefix)
    return String(name.dropFirst(prefix?.count ?? 0))
  }

  func memoryValue(_ name: String, _ cursor: Cursor) -> Value? {
    guard Self.writesBytes(name) else { return nil }
    let arguments = cursor.arguments
    switch (Self.plain(name), arguments.count) {
    case ("memcpy", 3), ("memmove", 3):
      let (target, source, bits) = (value(arguments[0]), value(arguments[1]), bits(arguments[2]))
      guard case .pointer(let to) = target else {
        add(.anything(.alias), "\(name)() writes through a pointer that was not followed", at: cursor)
        return target
      }
      if case .pointer(let from) = source, let bits {
        copy(from: from, to: to, bits: bits, record: record(of: arguments[0]), at: cursor)
      } else {
        fill(to, bits: bits ?? Self.wholeObject, with: .filled(nil))
        addStore(path(to, bits: bits ?? Self.wholeObject, record: record(of: arguments[0])), at: cursor)
      }
      return target
    case ("memset", 3):
      let (target, byte, bits) = (value(arguments[0]), number(value(arguments[1])), bits(arguments[2]))
      guard case .pointer(let to) = target else {
        add(.anything(.alias), "\(name)() writes through a pointer that was not followed", at: cursor)
        return target
      }
      let known = bits == nil ? nil : byte.constantNumber.map { UInt8(truncatingIfNeeded: $0) }
      if let bits { noteWritten(to, bits: bits) }
      fill(to, bits: bits ?? Self.wholeObject, with: .filled(known))
      addStore(path(to, bits: bits ?? Self.wholeObject, record: record(of: arguments[0])), at: cursor)
      return target
    default: return nil
    }
  }

  /// More than any object that a pointer to a record may point into.
  static let wholeObject = 1 << 20

  /// The record that an argument points to, below the conversion to `void *`.
  func record(of argument: Cursor) -> String? {
    var cursor = argument
    while true {
      if cursor.type.isPointer, let name = cursor.type.pointee.recordName {
        layouts.note(cursor.type.pointee)
        return name
      }
      guard [.unexposedExpression, .parenthesized, .cast].contains(cursor.kind), let inner = cursor.children.last else {
        return nil
      }
      cursor = inner
    }
  }

  private func bits(_ count: Cursor) -> Int? {
    guard let bytes = number(value(count)).constantNumber, (0..<(1 << 20)).contains(bytes) else { return nil }
    return Int(bytes) * 8
  }
}
