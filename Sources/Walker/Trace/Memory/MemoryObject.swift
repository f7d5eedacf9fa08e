/// A piece of memory that the walk tells apart from others. Objects are the same when their names are; what an object may
/// share with another one is asked of its kind, never of its name.
struct MemoryObject: Hashable, Comparable, Sendable, Codable {
  enum Kind: Hashable, Sendable, Codable {
    /// A variable or a temporary of one activation of a function.
    case local(activation: Int)
    /// A variable of the kernel, or of one file.
    case global
    /// A string.
    case literal
    /// What a pointer that the entry was given points to, or one that stood in memory before the entry.
    case pointee
    /// What an allocator returned: no object that existed before.
    case allocation
    /// One of an array's elements whose number is not known.
    case element
    /// What a pointer points to that was made in a way the walk does not follow: moved by a loop, returned by a function
    /// that was not entered, joined from two. It may be any object.
    case summary
  }

  let name: String
  let kind: Kind

  static func == (left: MemoryObject, right: MemoryObject) -> Bool { left.name == right.name }
  static func < (left: MemoryObject, right: MemoryObject) -> Bool { left.name < right.name }
  func hash(into hasher: inout Hasher) { hasher.combine(name) }

  var isLocal: Bool { if case .local = kind { true } else { false } }
  var isGlobal: Bool { kind == .global || kind == .literal }

  static func summary(_ name: String) -> MemoryObject { MemoryObject(name: name, kind: .summary) }
  static func pointee(_ name: String) -> MemoryObject { MemoryObject(name: name, kind: .pointee) }
  static func global(_ name: String) -> MemoryObject { MemoryObject(name: "g" + name, kind: .global) }
  static func local(_ activation: Int, _ name: String) -> MemoryObject {
    MemoryObject(name: "l\(activation):\(name)", kind: .local(activation: activation))
  }
}
