internal import WalkerClang
internal import WalkerModel

/// The one place that says which memory may be the same.
extension Machine {
  /// Whether a store to `a` may change what `b` reads, where the two are not known to be one object: what is known to be
  /// one is the business of cells.
  func mayBeOne(_ a: AccessPath, _ b: AccessPath) -> Bool {
    let (left, right) = (root(a.object), root(b.object))
    if left == right || !mayBeOne(left, right) { return false }
    // What holds a pointer holds no number, nor a pointer to another type; `void *` holds any.
    if a.isRaw, a.record == nil, let pointer = a.pointerType, b.record == nil { return agrees(pointer, b) }
    if b.isRaw, b.record == nil, let pointer = b.pointerType, a.record == nil { return agrees(pointer, a) }
    if a.isRaw || b.isRaw { return true }
    return share(a, b)
  }

  func isOne(_ a: MemoryObject, _ b: MemoryObject) -> Bool { root(a) == root(b) }

  /// The object that holds an element.
  private func root(_ object: MemoryObject) -> MemoryObject {
    var object = object
    for _ in 0..<16 {
      guard let element = elements[object] else { break }
      object = element.array
    }
    return object
  }

  private func mayBeOne(_ a: MemoryObject, _ b: MemoryObject) -> Bool {
    // One of two pointers leads where one of them does.
    if let both = parents[a] { return both.contains { $0 == b || mayBeOne(root($0), b) } }
    if let both = parents[b] { return both.contains { $0 == a || mayBeOne(a, root($0)) } }
    return switch (a.kind, b.kind) {
    case (.literal, _), (_, .literal): false
    case (.global, .global), (.local, .local), (.allocation, .allocation): false
    // A pointer that was made before the entry points to no variable of the walk, nor to what was allocated since.
    case (.local, .summary), (.summary, .local): escaped.contains(a.isLocal ? a : b)
    case (.local, _), (_, .local): false
    // A pointer that was there before the allocation leads elsewhere.
    case (.allocation, .summary): births[b].map { $0 > births[a] ?? 0 } ?? true
    case (.summary, .allocation): births[a].map { $0 > births[b] ?? 0 } ?? true
    case (.allocation, _), (_, .allocation): false
    default: true
    }
  }

  private func agrees(_ pointer: String, _ other: AccessPath) -> Bool {
    guard let second = other.pointerType else { return other.isRaw }
    return pointer == second || pointer == "*" || second == "*"
  }

  /// Two records of different types overlap only by embedding, in a union, or where the code casts one to the other.
  private func share(_ a: AccessPath, _ b: AccessPath) -> Bool {
    for one in a.steps {
      for other in b.steps where isSameRecord(one.record, other.record) {
        let left = Extent(offset: a.extent.offset - one.base, width: a.extent.width)
        let right = Extent(offset: b.extent.offset - other.base, width: b.extent.width)
        if left.overlaps(right) { return true }
      }
    }
    if let whole = a.record, covers(a, whole, b) { return true }
    if let whole = b.record, covers(b, whole, a) { return true }
    // Numbers of the kernel and of pointers that were never seen as part of a record.
    return a.steps.isEmpty && a.record == nil && b.steps.isEmpty && b.record == nil
  }

  /// Whether a record as a whole may hold the other path: that lies in such a record, or in one that it holds. Where both
  /// say in which field the record stands, that has to be the same.
  private func covers(_ outer: AccessPath, _ record: String, _ path: AccessPath) -> Bool {
    for (position, step) in path.steps.enumerated() where isSameRecord(step.record, record) {
      guard position > 0, let field = outer.steps.last else { return true }
      let holder = path.steps[position - 1]
      if isSameRecord(holder.record, field.record), holder.field == field.field { return true }
    }
    if let other = path.record, isSameRecord(other, record) {
      guard let field = outer.steps.last, let holder = path.steps.last else { return true }
      return isSameRecord(holder.record, field.record) && holder.field == field.field
    }
    return (path.steps.first?.record ?? path.record).map { layouts.contains($0, in: record) } ?? false
  }

  private func isSameRecord(_ a: String, _ b: String) -> Bool {
    a == b || casts.contains([a, b].sorted())
  }
}

/// Which records hold which, from the types that the walk has met.
final class RecordLayouts {
  private(set) var parts: [String: Set<String>] = [:]

  func note(_ type: CType) {
    guard let name = type.recordName, parts[name] == nil, type.size != nil else { return }
    _ = embedded(type, name)
  }

  /// Adds what another table has, where this one does not know the record.
  func merge(_ others: [String: Set<String>]) { parts.merge(others) { known, _ in known } }

  /// Whether `record` is embedded in `whole`, however deep.
  func contains(_ record: String, in whole: String) -> Bool { parts[whole]?.contains(record) ?? false }

  private func embedded(_ type: CType, _ name: String) -> Set<String> {
    if let known = parts[name] { return known }
    parts[name] = []
    let found = collected(type)
    parts[name] = found
    return found
  }

  private func collected(_ type: CType) -> Set<String> {
    var found: Set<String> = []
    for field in type.fields {
      var inner = field.type
      while inner.isArray { inner = inner.element }
      guard inner.isRecord else { continue }
      if let name = inner.recordName {
        found.insert(name)
        found.formUnion(embedded(inner, name))
      } else {
        found.formUnion(collected(inner))
      }
    }
    return found
  }
}
